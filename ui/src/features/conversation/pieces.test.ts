import assert from "node:assert/strict";
import { test } from "node:test";
import { inUnits, pieces } from "./pieces.ts";

const shape = (text: string, ...more: [Parameters<typeof pieces>[1], Parameters<typeof pieces>[2]]) => pieces(text, ...more).map((piece) => `${piece.span?.kind ?? ""}${piece.marked ? "*" : ""}:${piece.text}`);

test("a text is cut at links, names and found words, and nothing of it is lost", () => {
  const text = "see https://a.example @bo";
  const spans = [
    { start: 4, end: 21, kind: "link", target: "https://a.example/" },
    { start: 22, end: 25, kind: "mention", target: "user-bo" },
  ] as const;
  assert.deepEqual(shape(text, spans, []), [":see ", "link:https://a.example", ": ", "mention:@bo"]);
  assert.deepEqual(shape(text, spans, [[12, 23]]), [":see ", "link:https://", "link*:a.example", "*: ", "mention*:@", "mention:bo"]);
  assert.deepEqual(shape("", [], []), []);
});

test("a range that runs programs, or lies outside, is only words", () => {
  for (const target of ["javascript:alert(1)", "data:text/html,x", "file:///etc", "blob:x", "", "//x"]) {
    assert.deepEqual(shape("click", [{ start: 0, end: 5, kind: "link", target }], []), [":click"], target);
  }
  for (const [start, end] of [[-1, 2], [3, 2], [0, 9], [2, 2]] as const) {
    assert.deepEqual(shape("click", [{ start, end, kind: "link", target: "https://a.example" }], []), [":click"]);
  }
});

test("characters outside of the first plane count as two units", () => {
  assert.deepEqual(inUnits("🙏🙏ab", [[2, 4], [0, 1]]), [[4, 6], [0, 2]]);
  assert.deepEqual(inUnits("ab", [[1, 99]]), [[1, 2]]);
});
