import assert from "node:assert/strict";
import { test } from "node:test";
import { longer } from "./longer.ts";

test("every text grows by two fifths, its places stay", () => {
  const { plain = [], place = [], count = [] } = longer({ plain: ["0123456789"], place: ["Hi ", ["name"]], count: [["n", "plural", { one: ["# day"], other: ["# days"] }]] }) as Record<string, readonly unknown[]>;
  assert.ok(plain.length === 2 && String(plain.join("")).length >= 14);
  assert.deepEqual(place.slice(0, 2), ["Hi ", ["name"]]);
  assert.equal(count.length, 2);
});
