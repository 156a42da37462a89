import assert from "node:assert/strict";
import { test } from "node:test";
import { createPreferences, DEFAULTS, read, type Place } from "./preferences.ts";

function place(text: string | null): Place & { text: string | null } {
  return { text, getItem() { return this.text; }, setItem(_key, value) { this.text = value; } };
}

test("what cannot be read falls back to the defaults, key by key", () => {
  assert.deepEqual(read(place(null)), DEFAULTS);
  assert.deepEqual(read(place("{")), DEFAULTS);
  assert.deepEqual(read(place("[1]")), DEFAULTS);
  assert.deepEqual(read(place('{"textSize":"big","theme":"dark","other":1}')), { ...DEFAULTS, theme: "dark" });
});

test("a choice is still there at the next start", () => {
  const here = place(null);
  createPreferences(here).setState({ density: "compact", enterSends: false });
  assert.equal(createPreferences(here).getState().density, "compact");
  assert.equal(createPreferences(here).getState().enterSends, false);
});

test("a storage that refuses keeps the choice for this page", () => {
  const store = createPreferences({ getItem: () => null, setItem: () => { throw new Error("full"); } });
  store.setState({ theme: "dark" });
  assert.equal(store.getState().theme, "dark");
});
