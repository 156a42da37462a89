import assert from "node:assert/strict";
import { test } from "node:test";
import { belongsToText, commandOf, KEYS, keysOf, shown, type Stroke } from "./keys.ts";

const stroke = (key: string, more: Partial<Stroke> = {}): Stroke => ({ key, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test("keys are matched by what they write", () => {
  assert.equal(commandOf(stroke("k", { ctrlKey: true }), false), "palette");
  assert.equal(commandOf(stroke("k", { metaKey: true }), true), "palette");
  assert.equal(commandOf(stroke("k", { ctrlKey: true }), true), undefined);
  assert.equal(commandOf(stroke("k"), false), undefined);
  assert.equal(commandOf(stroke("k", { ctrlKey: true, shiftKey: true }), false), undefined);
  assert.equal(commandOf(stroke("F", { ctrlKey: true, shiftKey: true }), false), "searchAll");
  assert.equal(commandOf(stroke("F6", { shiftKey: true }), false), "lastPane");
  assert.equal(commandOf(stroke("ArrowDown", { altKey: true }), false), "nextChat");
});

test("a sign counts with and without Shift, as keyboards differ", () => {
  assert.equal(commandOf(stroke("/", { ctrlKey: true, shiftKey: true }), false), "guide");
  assert.equal(commandOf(stroke("=", { ctrlKey: true }), false), "bigger");
  assert.equal(commandOf(stroke("+", { ctrlKey: true, shiftKey: true }), false), "bigger");
});

test("on a layout without Latin letters the physical key counts", () => {
  assert.equal(commandOf(stroke("л", { code: "KeyK", ctrlKey: true }), false), "palette");
  assert.equal(commandOf(stroke("n", { code: "KeyK", ctrlKey: true }), false), undefined);
  // macOS: Alt and Shift with N write a sign of their own.
  assert.equal(commandOf(stroke("˜", { code: "KeyN", altKey: true, shiftKey: true }), true), "new");
});

test("nothing is a command while an input method composes", () => {
  assert.equal(commandOf(stroke("k", { ctrlKey: true, isComposing: true }), false), undefined);
});

test("no two commands share keys, and all have a written form", () => {
  const all = KEYS.flatMap(({ keys, app }) => (app === undefined ? [keys] : [keys, app]));
  assert.equal(new Set(all).size, all.length);
  assert.equal(new Set(KEYS.map(({ command }) => command)).size, KEYS.length);
  assert.equal(shown("Mod+Shift+F", false), "Ctrl Shift F");
  assert.equal(shown("Mod++", true), "⌘+");
});

test("in a field with text, macOS keeps Alt with arrows", () => {
  const move = stroke("ArrowUp", { altKey: true });
  assert.equal(belongsToText(move, { value: "text" }, true), true);
  assert.equal(belongsToText(move, { value: "" }, true), false);
  assert.equal(belongsToText(move, { value: "text" }, false), false);
});

test("what a browser keeps for itself is ours only in a window of our own", () => {
  const one = stroke("1", { code: "Digit1", ctrlKey: true });
  assert.equal(commandOf(one, false, "tab"), undefined);
  assert.equal(commandOf(one, false, "app"), "pinned1");
  assert.equal(commandOf(stroke("!", { code: "Digit1", altKey: true, shiftKey: true }), false, "tab"), "pinned1");
  assert.equal(commandOf(stroke("j", { code: "KeyJ", ctrlKey: true }), false, "tab"), undefined);
  assert.equal(keysOf("new", "tab"), "Alt+Shift+N");
  assert.equal(keysOf("new", "app"), "Mod+N");
});

test("digits count by their key, as their signs differ between keyboards", () => {
  assert.equal(commandOf(stroke("é", { code: "Digit2", ctrlKey: true }), false, "app"), "pinned2");
  assert.equal(commandOf(stroke("à", { code: "Digit0", ctrlKey: true }), false), "normal");
});
