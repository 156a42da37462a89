// All stories as tests in a real browser: they render, their play functions pass, axe finds nothing.
import { storybookTest } from "@storybook/addon-vitest/vitest-plugin";
import { playwright } from "@vitest/browser-playwright";
import { fileURLToPath } from "node:url";
import { mergeConfig } from "vite";
import { defineConfig } from "vitest/config";
import vite from "./vite.config.ts";

const program = process.env["CHATTY_CHROMIUM"];

export default mergeConfig(
  vite({ command: "serve", mode: "test" }),
  defineConfig({
    plugins: [storybookTest({ configDir: fileURLToPath(new URL(".storybook", import.meta.url)) })],
    test: {
      name: "stories",
      // One page for all: a story leaves nothing behind, and a frame per file doubles the time.
      isolate: false,
      browser: {
        enabled: true,
        headless: true,
        provider: playwright({ launchOptions: program === undefined ? {} : { executablePath: program } }),
        instances: [{ browser: "chromium" }],
        screenshotFailures: false,
      },
    },
  }),
);
