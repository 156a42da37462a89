import assert from "node:assert/strict";
import { test } from "node:test";
import { NARROWEST, USUAL, WIDEST, widthAfter, widthAt } from "./sash.ts";

test("arrows move the edge where they point, in both directions of writing", () => {
  assert.equal(widthAfter("ArrowRight", 320, false), 330);
  assert.equal(widthAfter("ArrowLeft", 320, false), 310);
  assert.equal(widthAfter("ArrowRight", 320, true), 310);
  assert.equal(widthAfter("ArrowLeft", 320, true), 330);
  assert.equal(widthAfter("Home", 320, false), NARROWEST);
  assert.equal(widthAfter("End", 320, false), WIDEST);
  assert.equal(widthAfter("Enter", 400, false), USUAL);
  assert.equal(widthAfter("Tab", 320, false), undefined);
});

test("the edge stays within what the list can bear", () => {
  assert.equal(widthAfter("ArrowRight", WIDEST, false), WIDEST);
  assert.equal(widthAfter("ArrowLeft", NARROWEST, false), NARROWEST);
});

test("the pointer holds the edge, also with larger text and from right to left", () => {
  const list = { left: 64, right: 384 };
  assert.equal(widthAt(404, list, false, 16), 340);
  assert.equal(widthAt(2_000, list, false, 16), WIDEST);
  assert.equal(widthAt(704, list, false, 32), 320);
  assert.equal(widthAt(34, list, true, 16), 350);
});
