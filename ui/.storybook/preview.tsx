// What stands around every story: language and direction, theme, text size; axe judges all of them.
import "./clock.ts";
import "../src/styles/tokens.css";
import "../src/styles/reset.css";
import "./preview.css";
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import type { Preview } from "@storybook/react-vite";
import { I18nProvider as DirectionProvider } from "react-aria-components";
import { clearToasts } from "../src/components/Toast/Toast.tsx";
import { speak, type Language } from "../src/text/language.ts";

const choice = (title: string, icon: string, items: { value: string; title: string }[]) => ({
  description: title,
  toolbar: { title, icon, items, dynamicTitle: true },
});

const preview: Preview = {
  globalTypes: {
    theme: choice("Theme", "paintbrush", ["light", "dark", "contrast", "contrast-dark"].map((value) => ({ value, title: value }))),
    language: choice("Language", "globe", [
      { value: "en", title: "English" },
      { value: "ar", title: "Arabic, right to left" },
      { value: "de", title: "German" },
      { value: "ka", title: "Georgian" },
      { value: "pseudo", title: "Pseudo: longer" },
    ]),
    density: choice("Density", "grow", ["cozy", "compact"].map((value) => ({ value, title: value }))),
    size: choice("Text", "zoom", ["80", "100", "140", "200"].map((value) => ({ value, title: `${value} %` }))),
  },
  initialGlobals: { theme: "light", language: "en", density: "cozy", size: "100" },
  parameters: {
    // A violation fails the story.
    a11y: { test: "error", options: { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }, config: { rules: [{ id: "region", enabled: false }, { id: "page-has-heading-one", enabled: false }, { id: "landmark-one-main", enabled: false }] } },
    layout: "padded",
    controls: { disable: true },
    backgrounds: { disable: true },
  },
  // Toasts are the page's, and all stories share one.
  beforeEach: () => clearToasts,
  loaders: [
    async ({ globals }) => {
      await speak(globals["language"] as Language);
      return {};
    },
  ],
  decorators: [
    (Story, { globals }) => {
      const root = document.documentElement;
      root.dataset["theme"] = String(globals["theme"]);
      // Tests and pictures see everything at its end.
      if (navigator.webdriver) root.dataset["still"] = "";
      root.dataset["density"] = String(globals["density"]);
      root.style.fontSize = `${String(globals["size"])}%`;
      return (
        <I18nProvider i18n={i18n} key={i18n.locale}>
          <DirectionProvider locale={i18n.locale === "pseudo" ? "en" : i18n.locale}>
            <Story />
          </DirectionProvider>
        </I18nProvider>
      );
    },
  ],
};
export default preview;
