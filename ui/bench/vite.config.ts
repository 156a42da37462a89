// The page of the benches alone, built as the product is.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mergeConfig } from "vite";
import product from "../vite.config.ts";

export const RESULT = join(tmpdir(), `chatty-bench-ui-${process.pid}`);

export default mergeConfig(product({ command: "build", mode: "bench" }), {
  root: fileURLToPath(new URL(".", import.meta.url)),
  publicDir: false,
  logLevel: "warn",
  build: { outDir: RESULT },
});
