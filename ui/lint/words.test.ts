// Every word that a person sees goes through the catalogues, and keeps to the words of ui.md §2.8.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSync, types, traverse } from "@babel/core";
import { catalogues, screens, type Source } from "./sources.ts";

const BANNED = ["session", "cross-signing", "key backup", "security phrase", "cryptographic identity", "ratchet", "homeserver", "utd", "oops", "unable to decrypt"];
/** Elements whose text Lingui takes. */
const TAKEN = new Set(["Trans", "Plural", "Select", "SelectOrdinal"]);
/** Attributes that a person sees or hears. */
const SEEN = new Set(["label", "title", "placeholder", "alt", "hint", "error", "text", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "action", "cancel"]);
/** A name stays as it is in every language. */
const NAMES = /^(?:Chatty|@|#|·|…)$/u;

const worded = (text: string) => /\p{L}{2,}/u.test(text) && !NAMES.test(text.trim());

function nameOf(element: types.JSXOpeningElement): string {
  return element.name.type === "JSXIdentifier" ? element.name.name : "";
}

function untranslated({ path, text }: Source): string[] {
  const found: string[] = [];
  const tree = parseSync(text, { filename: path, configFile: false, babelrc: false, parserOpts: { plugins: ["typescript", "jsx"] } });
  assert.ok(tree, path);
  const say = (node: types.Node, words: string) => found.push(`${path}:${node.loc?.start.line ?? 0}: ${words.trim()}`);
  traverse(tree, {
    JSXText(place) {
      const taken = place.findParent((parent) => parent.isJSXElement() && TAKEN.has(nameOf(parent.node.openingElement)));
      if (taken === null && worded(place.node.value)) say(place.node, place.node.value);
    },
    JSXExpressionContainer(place) {
      const { expression } = place.node;
      const inText = place.parent.type === "JSXElement" || place.parent.type === "JSXFragment";
      if (inText && expression.type === "StringLiteral" && worded(expression.value)) say(place.node, expression.value);
      if (inText && expression.type === "TemplateLiteral" && expression.quasis.some((part) => worded(part.value.raw))) say(place.node, "a template");
    },
    JSXAttribute(place) {
      const { name, value } = place.node;
      if (name.type !== "JSXIdentifier" || !SEEN.has(name.name)) return;
      if (place.findParent((parent) => parent.isJSXElement() && TAKEN.has(nameOf(parent.node.openingElement))) !== null) return;
      if (value?.type === "StringLiteral" && worded(value.value)) say(place.node, `${name.name}="${value.value}"`);
      if (value?.type === "JSXExpressionContainer" && (value.expression.type === "StringLiteral" || value.expression.type === "TemplateLiteral")) {
        const parts = value.expression.type === "StringLiteral" ? [value.expression.value] : value.expression.quasis.map((part) => part.value.raw);
        if (parts.some(worded)) say(place.node, `${name.name}={"${parts.join("")}"}`);
      }
    },
  });
  return found;
}

test("the gate sees what it shall see", () => {
  const bad = "const A = () => <div aria-label='Close it'>Hello {'there you'}<Trans>fine words</Trans>{t`fine`}</div>;";
  assert.equal(untranslated({ path: "a.tsx", text: bad }).length, 3);
});

test("no untranslated word on a screen", () => {
  assert.deepEqual(screens().flatMap(untranslated), []);
});

test("no banned word in any catalogue's English", () => {
  const said = catalogues().flatMap(({ path, text }) => [...text.matchAll(/^msgid "(.*)"$/gm)].map((match) => `${path}: ${match[1] ?? ""}`));
  assert.ok(said.length > 100);
  const found = said.filter((line) => BANNED.some((word) => new RegExp(`\\b${word}s?\\b`, "i").test(line)));
  assert.deepEqual([...new Set(found)], []);
});
