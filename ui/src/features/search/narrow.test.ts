import assert from "node:assert/strict";
import { test } from "node:test";
import type { FoundMessage } from "../../../../client-core/bindings/chatty.ts";
import { among, isSince, narrowed } from "./narrow.ts";

const DAY = 86_400_000;
const NOW = 1_000 * DAY;
const hit = (from: string, conv: string, days: number): FoundMessage => ({ id: `${from}${conv}${days}`, conv, from, at_ms: NOW - days * DAY, text: "map", snippet: [[0, 3]] }) as unknown as FoundMessage;
const rows = [hit("ada", "one", 1), hit("bo", "one", 20), hit("ada", "two", 40), hit("ada", "one", 400)];
const ages = (found: readonly FoundMessage[]) => found.map((row) => (NOW - row.at_ms) / DAY);

test("a person and a time leave what is both", () => {
  assert.deepEqual(ages(narrowed(rows, {}, NOW)), [1, 20, 40, 400]);
  assert.deepEqual(ages(narrowed(rows, { from: "ada" }, NOW)), [1, 40, 400]);
  assert.deepEqual(ages(narrowed(rows, { since: "week" }, NOW)), [1]);
  assert.deepEqual(ages(narrowed(rows, { since: "month" }, NOW)), [1, 20]);
  assert.deepEqual(ages(narrowed(rows, { from: "ada", since: "year" }, NOW)), [1, 40]);
});

test("choices are what was found, the frequent first, and never too many", () => {
  assert.deepEqual(among(rows, (row) => row.from), ["ada", "bo"]);
  assert.deepEqual(among(rows, (row) => row.conv), ["one", "two"]);
  assert.deepEqual(among(rows, (row) => row.from, 1), ["ada"]);
});

test("an address says no other time", () => {
  assert.ok(isSince("week"));
  assert.ok(!isSince("toString") && !isSince(7) && !isSince(undefined));
});
