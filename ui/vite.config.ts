import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import babel from "@rolldown/plugin-babel";
import react, { reactCompilerPreset } from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { emoji } from "./emoji.ts";

// `cargo xtask web` sets both: where it put the compiled engine, and where the result shall lie.
const engine = process.env["CHATTY_ENGINE"];
const result = process.env["CHATTY_UI_DIST"];

/** Languages of `src/text/catalogues`; the others of the component library are left out. */
const LANGUAGES = ["en-US", "de-DE", "ar-AE"];

/** Of the whole product: the screens have none of their own. */
const version = /^version = "(.+)"$/m.exec(readFileSync(new URL("../Cargo.toml", import.meta.url), "utf8"))?.[1];

export default defineConfig(({ command, mode }) => {
  if (command === "build" && mode === "production" && (engine === undefined || result === undefined)) {
    throw new Error("run `cargo xtask web`: it compiles the engine and then starts this build");
  }
  return {
    root: fileURLToPath(new URL(".", import.meta.url)),
    define: { "import.meta.env.CHATTY_VERSION": JSON.stringify(version) },
    resolve: { alias: { "chatty-engine": engine ?? "/no-engine" } },
    plugins: [
      react(),
      babel({ plugins: ["@lingui/babel-plugin-lingui-macro"], presets: [reactCompilerPreset()] }),
      lingui(),
      emoji(),
      { ...optimizeLocales.vite({ locales: LANGUAGES }), enforce: "pre" as const },
    ],
    // Everything is a file of its own: the content security policy allows no data URL.
    build: { outDir: result ?? "dist", emptyOutDir: true, assetsInlineLimit: 0, target: "es2023", modulePreload: { polyfill: false } },
    worker: { format: "es" },
  };
});
