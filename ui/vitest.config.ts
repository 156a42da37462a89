// Stories as tests in a real browser: they render, their play functions pass, axe finds nothing. And checks of words, which
// need Lingui's macros; everything else that needs no browser runs on node's own test runner (package.json).
import { storybookTest } from "@storybook/addon-vitest/vitest-plugin";
import { playwright } from "@vitest/browser-playwright";
import { fileURLToPath } from "node:url";
import { mergeConfig } from "vite";
import { defineConfig } from "vitest/config";
import vite from "./vite.config.ts";

const program = process.env["CHATTY_CHROMIUM"];

/** Stories with these tags, in a browser of their own. */
function stories(name: string, tags: { include?: string[]; exclude?: string[] }) {
  return {
    extends: true as const,
    plugins: [storybookTest({ configDir: fileURLToPath(new URL(".storybook", import.meta.url)), tags })],
    test: {
      name,
      // Screens load parts when they are wanted, and machines are slow at times.
      testTimeout: 30_000,
      // As in Playwright: one race lost to a loaded machine is named, and hides nothing else.
      retry: 1,
      // One page for all: a story leaves nothing behind, and a frame per file doubles the time.
      isolate: false,
      browser: {
        enabled: true,
        headless: true,
        provider: playwright({ launchOptions: program === undefined ? {} : { executablePath: program } }),
        instances: [{ browser: "chromium" as const }],
        screenshotFailures: false,
      },
    },
  };
}

export default mergeConfig(
  vite({ command: "serve", mode: "test" }),
  defineConfig({
    // react-aria draws whole lists where it thinks it is in a test; ours are of a browser.
    define: { "process.env.VIRT_ON": "true" },
    // Found late, they would make the browser load the page again in the middle of a test.
    optimizeDeps: { include: ["@guidepup/virtual-screen-reader", "@lingui/core", "@lingui/react", "@tanstack/react-router", "@tanstack/react-virtual", "frimousse", "lucide-react", "react-aria-components", "storybook/test", "uqr", "zustand", "zustand/vanilla"] },
    test: {
      projects: [
        { extends: true, test: { name: "words", include: ["src/**/*.check.ts"], environment: "node" } },
        stories("stories", { exclude: ["reader"] }),
        // The virtual screen reader brings a user-event of its own, which changes the fields of its page for good:
        // what other stories type and paste there later is lost.
        stories("reader", { include: ["reader"] }),
      ],
    },
  }),
);
