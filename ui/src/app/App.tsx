// Everything that screens stand in: language, the model, the router.
import { useState } from "react";
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { RouterProvider, type RouterHistory } from "@tanstack/react-router";
import { I18nProvider as DirectionProvider } from "react-aria-components";
import type { Model } from "../model/store.ts";
import { ModelProvider } from "../model/use.ts";
import { createAppRouter } from "./routes.tsx";

export function App({ model, history }: { model: Model; history?: RouterHistory }) {
  const [router] = useState(() => createAppRouter(history));
  return (
    <I18nProvider i18n={i18n}>
      <DirectionProvider locale={i18n.locale}>
        <ModelProvider value={model}>
          <RouterProvider router={router} />
        </ModelProvider>
      </DirectionProvider>
    </I18nProvider>
  );
}
