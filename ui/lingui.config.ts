import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

export default defineConfig({
  sourceLocale: "en",
  // `pseudo` is longer and accented: it shows what is not translated and what does not fit.
  locales: ["en", "de", "ar", "ka", "pseudo"],
  pseudoLocale: "pseudo",
  fallbackLocales: { default: "en" },
  catalogs: [{ path: "<rootDir>/src/text/catalogues/{locale}", include: ["src"] }],
  format: formatter({ lineNumbers: false }),
});
