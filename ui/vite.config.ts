import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// `cargo xtask web` sets both: where it put the compiled engine, and where the result shall lie.
const engine = process.env["CHATTY_ENGINE"];
const result = process.env["CHATTY_UI_DIST"];
if (engine === undefined || result === undefined) {
  throw new Error("run `cargo xtask web`: it compiles the engine and then starts this build");
}

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  resolve: { alias: { "chatty-engine": engine } },
  // Everything is a file of its own: the content security policy allows no data URL.
  build: { outDir: result, emptyOutDir: true, assetsInlineLimit: 0, target: "es2023", modulePreload: { polyfill: false } },
  worker: { format: "es" },
});
