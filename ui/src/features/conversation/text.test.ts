import assert from "node:assert/strict";
import { test } from "node:test";
import { isComposing, sends, type Key } from "./ime.ts";
import { fold, isEmojiOnly } from "./text.ts";

const enter: Key = { key: "Enter", keyCode: 13, isComposing: false, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

test("Enter sends, Shift+Enter does not", () => {
  assert.equal(sends(enter, true), true);
  assert.equal(sends({ ...enter, ctrlKey: true }, true), true);
  assert.equal(sends({ ...enter, shiftKey: true }, true), false);
  assert.deepEqual([sends(enter, false), sends({ ...enter, metaKey: true }, false)], [false, true]);
  assert.equal(sends({ ...enter, key: "a", keyCode: 65 }, true), false);
});

test("an Enter that chooses a word of an input method never sends", () => {
  // Japanese in Chromium and Firefox: the composition still runs.
  assert.equal(sends({ ...enter, isComposing: true }, true), false);
  // Chinese in Safari: it has ended already, the code tells.
  assert.equal(sends({ ...enter, keyCode: 229 }, true), false);
  // Korean: the key has no name yet.
  assert.equal(isComposing({ isComposing: true, keyCode: 229 }), true);
  assert.equal(isComposing(enter), false);
});

test("up to three emoji alone stand large", () => {
  for (const text of ["🙏", "👍🏽 🎉", "👨‍👩‍👧‍👦", "🇩🇪🇬🇪", "❤️", "3️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]) assert.equal(isEmojiOnly(text), true, text);
  for (const text of ["", "1", "ok 🙏", "🙏🙏🙏🙏", "#", "©", "é", "🙏".repeat(100)]) assert.equal(isEmojiOnly(text), false, text);
});

test("a text of many lines or pages is folded, never inside of a character", () => {
  assert.equal(fold("short"), undefined);
  assert.equal(fold("x".repeat(3_500)), undefined);
  assert.equal(fold("x".repeat(5_000)), 3_000);
  assert.equal(fold("\n".repeat(50)), 39);
  const family = "👨‍👩‍👧‍👦".repeat(1_000);
  assert.equal((fold(family) ?? 1) % 11, 0);
  assert.equal(fold(`a${"\u0301".repeat(9_000)}`), 3_000);
});
