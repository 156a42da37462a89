// Colours stand only in tokens.css; directions are start and end.
import assert from "node:assert/strict";
import { test } from "node:test";
import stylelint from "stylelint";
import { code, folder, places, styles } from "./sources.ts";

const COLOUR = /#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklch|oklab)\(|:\s*(?:white|black|red|green|blue|grey|gray|silver|orange|purple)\b/gi;
const STYLE_OF_CODE = /\b(?:margin|padding|border)(?:Left|Right|Top|Bottom)\b|(?<=style=\{\{[^}]*)\b(?:left|right|width|height)\s*:/g;

test("no raw colour outside of tokens.css", () => {
  const rest = styles().filter(({ path }) => !path.endsWith("styles/tokens.css"));
  // `in oklab` names a space to mix in, not a colour.
  assert.deepEqual(rest.flatMap((file) => places({ ...file, text: file.text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " ")) }, COLOUR)), []);
  assert.deepEqual(code().flatMap((file) => places(file, /["'`](?:#[0-9a-f]{3,8}|(?:rgb|hsl|oklch)a?\([^)]*\))["'`]/gi)), []);
});

test("no physical property in styles", async () => {
  const { results } = await stylelint.lint({
    files: `${folder}/src/**/*.css`,
    config: { plugins: ["stylelint-use-logical"], rules: { "csstools/use-logical": "always", "color-no-invalid-hex": true, "no-duplicate-selectors": true, "declaration-block-no-duplicate-properties": true } },
  });
  assert.ok(results.length > 20, "stylelint read the styles");
  assert.deepEqual(results.flatMap((file) => file.warnings.map((warning) => `${file.source ?? ""}:${warning.line}: ${warning.text}`)), []);
});

test("no physical property in code", () => {
  assert.deepEqual(code().flatMap((file) => places(file, STYLE_OF_CODE)), []);
});
