// The names and groups of emoji, copied beside the page: the picker asks nobody else for them.
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** Our languages that the data has; the picker shows English names in the others. */
const LANGUAGES = ["en", "de"];
const FILES = LANGUAGES.flatMap((language) => [`${language}/data.json`, `${language}/messages.json`]);
const source = (file: string): string => fileURLToPath(import.meta.resolve(`emojibase-data/${file}`));

export function emoji(): Plugin {
  return {
    name: "chatty-emoji",
    configureServer(server) {
      server.middlewares.use("/emoji", (request, response, next) => {
        const file = request.url?.slice(1).split("?")[0] ?? "";
        if (!FILES.includes(file)) return next();
        response.setHeader("content-type", "application/json");
        createReadStream(source(file)).pipe(response);
      });
    },
    async generateBundle() {
      // Not hashed: the picker makes the address itself.
      for (const file of FILES) this.emitFile({ type: "asset", fileName: `emoji/${file}`, source: await readFile(source(file)) });
    },
  };
}
