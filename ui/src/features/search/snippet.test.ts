import assert from "node:assert/strict";
import { test } from "node:test";
import { snippet } from "./snippet.ts";

test("a short text stays whole", () => {
  assert.deepEqual(snippet("bring the map", [[10, 13]]), { text: "bring the map", marks: [[10, 13]] });
  assert.deepEqual(snippet("", []), { text: "", marks: [] });
});

test("a long text shows what stands around its first hit", () => {
  const text = `${"🙏".repeat(100)} the map\n${"x".repeat(300)}`;
  const at = text.indexOf("map");
  const short = snippet(text, [[at, at + 3], [at + 250, at + 253]]);
  assert.equal(short.marks.length, 1);
  const [start = 0, end = 0] = short.marks[0] ?? [];
  assert.equal(short.text.slice(start, end), "map");
  assert.ok(short.text.startsWith("…🙏") && short.text.endsWith("…") && short.text.length <= 162);
  assert.doesNotThrow(() => encodeURIComponent(short.text));
});
