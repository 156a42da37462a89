// Every word is said in every language, with the same places for names and numbers, and all plural forms of its language.
import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogues } from "./sources.ts";

/** Forms that whole numbers have (CLDR); `one` and `other` are English's. */
const FORMS: Record<string, readonly string[]> = { de: ["one", "other"], ka: ["one", "other"], ar: ["zero", "one", "two", "few", "many", "other"] };

function entries(text: string): Map<string, string> {
  const said = [...text.matchAll(/^msgid ((?:".*"\n)+)msgstr ((?:".*"(?:\n|$))+)/gm)].map(([, id = "", words = ""]): [string, string] => [joined(id), joined(words)]);
  return new Map(said.filter(([id]) => id !== ""));
}

function joined(lines: string): string {
  return lines.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as string).join("");
}

/** `{name}`, `<0>`, `</0>`, and what is counted. */
function places(words: string): string[] {
  return [...new Set([...words.matchAll(/\{(\w+)(?=[,}])|<\/?\d+\/?>/g)].map((match) => match[0]))].filter((place) => !/^\{\d+ /.test(place)).sort();
}

const all = new Map(catalogues().map(({ path, text }) => [/(\w+)\.po$/.exec(path)?.[1] ?? "", entries(text)]));
const english = all.get("en") ?? new Map<string, string>();

test("the catalogues can be read", () => {
  assert.deepEqual([...all.keys()].sort(), ["ar", "de", "en", "ka", "pseudo"]);
  assert.ok(english.size > 400);
});

for (const [language, forms] of Object.entries(FORMS)) {
  const words = all.get(language) ?? new Map<string, string>();

  test(`${language}: nothing is missing and nothing is left over`, () => {
    assert.deepEqual([...english.keys()].filter((id) => (words.get(id) ?? "") === ""), []);
    assert.deepEqual([...words.keys()].filter((id) => !english.has(id)), []);
  });

  test(`${language}: names and numbers stand in every text`, () => {
    const wrong = [...words].filter(([id, text]) => text !== "" && places(id).join() !== places(text).join());
    assert.deepEqual(wrong, []);
  });

  test(`${language}: all plural forms`, () => {
    const wrong = [...words].filter(([id, text]) => /\{\w+, plural,/.test(id) && text !== "" && !forms.every((form) => text.includes(`${form} {`)));
    assert.deepEqual(wrong, []);
  });
}
