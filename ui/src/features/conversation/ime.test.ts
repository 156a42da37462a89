import assert from "node:assert/strict";
import { test } from "node:test";
import { isComposing, sends, type Key } from "./ime.ts";
import { isEmojiOnly } from "./text.ts";

const enter: Key = { key: "Enter", keyCode: 13, isComposing: false, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

test("Enter sends, Shift+Enter does not", () => {
  assert.equal(sends(enter), true);
  assert.equal(sends({ ...enter, ctrlKey: true }), true);
  assert.equal(sends({ ...enter, shiftKey: true }), false);
  assert.equal(sends({ ...enter, key: "a", keyCode: 65 }), false);
});

test("an Enter that chooses a word of an input method never sends", () => {
  // Japanese in Chromium and Firefox: the composition still runs.
  assert.equal(sends({ ...enter, isComposing: true }), false);
  // Chinese in Safari: it has ended already, the code tells.
  assert.equal(sends({ ...enter, keyCode: 229 }), false);
  // Korean: the key has no name yet.
  assert.equal(isComposing({ isComposing: true, keyCode: 229 }), true);
  assert.equal(isComposing(enter), false);
});

test("up to three emoji alone stand large", () => {
  for (const text of ["🙏", "👍🏽 🎉", "👨‍👩‍👧‍👦", "🇩🇪🇬🇪", "❤️", "3️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]) assert.equal(isEmojiOnly(text), true, text);
  for (const text of ["", "1", "ok 🙏", "🙏🙏🙏🙏", "#", "©", "é", "🙏".repeat(100)]) assert.equal(isEmojiOnly(text), false, text);
});
