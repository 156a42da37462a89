// The addresses of the screens (ARCHITECTURE.md, ui). Back always pops one level.
import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import type { Model } from "../model/store.ts";
import { Conversation } from "../features/conversation/Conversation.tsx";
import { Toasts } from "../components/Toast/Toast.tsx";
import { Starting } from "../features/start/Starting.tsx";

export function createAppRouter(_model: Model) {
  const root = createRootRoute();
  const start = createRoute({ getParentRoute: () => root, path: "/", component: Starting });
  const chat = createRoute({ getParentRoute: () => root, path: "/c/$chat", component: () => <main style={{ blockSize: "100%" }}><Conversation chat={chat.useParams().chat} /><Toasts /></main> });
  return createRouter({ routeTree: root.addChildren([start, chat]), defaultPreload: false });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
