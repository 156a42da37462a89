import assert from "node:assert/strict";
import { test } from "node:test";
import { folded } from "../text/fold.ts";
import { partsOf } from "./marked.ts";

const parts = (title: string, typed: string) => partsOf(title, folded(typed, "en"), "en");

test("letters are found whatever their case and accents", () => {
  assert.deepEqual(parts("Muriel Sánchez", "mu"), ["", "Mu", "riel Sánchez"]);
  assert.deepEqual(parts("Muriel Sánchez", "SAN"), ["Muriel ", "Sán", "chez"]);
  assert.deepEqual(parts("a\u0301b", "ab"), ["", "a\u0301b", ""]);
  assert.deepEqual(parts("the ﬁre 🔥 map", "fire"), ["the ", "ﬁre", " 🔥 map"]);
});

test("nothing typed and nothing found mark nothing", () => {
  assert.equal(parts("Ada", ""), undefined);
  assert.equal(parts("Ada", "bo"), undefined);
});
