import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../client-core/bindings/chatty.ts";
import { items, type Item, type View } from "./timelineItems.ts";
import { append, cut, firstUnread, HELD, NOTHING, prepend, put, remove, type Rows } from "./timelineRows.ts";

const NOON = new Date(2026, 2, 3, 12, 0).getTime();
const MINUTE = 60_000;

function row(seq: number | null, more: Partial<Message> = {}): Message {
  const id = more.id ?? `m${seq}`;
  return { id, conv: "c", seq, from: "ada", from_device: "d", at_ms: NOON + (seq ?? 0) * 1_000, state: "sent", text: id, edited: false, deleted: false, reactions: [], ...more };
}
const window = (rows: Message[], more: Partial<Rows> = {}): Rows => ({ ...NOTHING, rows, older: "end", ...more });
const ids = (rows: { rows: readonly Message[] }): string[] => rows.rows.map((row) => row.id);
const view: View = { me: "me", fromStart: true, typing: [] };
const shape = (list: Item[]): string => list.map((item) => (item.kind === "message" ? `${item.first ? "[" : ""}${item.key}${item.last ? "]" : ""}` : item.kind)).join(" ");

test("rows stand in the order of their numbers, what waits stands last", () => {
  const held = put(window([row(1), row(3)]), [row(null, { id: "w1" }), row(2), row(null, { id: "w2" }), row(4)]);
  assert.deepEqual(ids(held), ["m1", "m2", "m3", "m4", "w1", "w2"]);
  // Accepted in another order than written.
  assert.deepEqual(ids(put(held, [row(6, { id: "w1" }), row(5, { id: "w2" })])), ["m1", "m2", "m3", "m4", "w2", "w1"]);
});

test("a row keeps its object until it changes", () => {
  const before = window([row(1), row(2)]);
  const after = put(before, [row(2, { text: "new" })]);
  assert.equal(after.rows[0], before.rows[0]);
  assert.equal(after.rows[1]?.text, "new");
  assert.equal(put(before, []), before);
  assert.equal(remove(before, new Set(["x"])), before);
});

test("what lies outside of the window waits for its page", () => {
  const middle = window([row(10), row(11)], { older: "more", newer: "more" });
  assert.deepEqual(ids(put(middle, [row(9), row(12), row(null, { id: "w" })])), ["m10", "m11"]);
  const end = window([row(10)], { older: "more" });
  assert.deepEqual(ids(put(end, [row(9), row(12)])), ["m10", "m12"]);
  assert.deepEqual(ids(put(NOTHING, [row(1)])), ["m1"]);
});

test("pages join without doubles, and a short one is the last", () => {
  const held = window([row(3), row(4)], { older: "more", newer: "more" });
  const older = prepend(held, [row(2), row(3)], 2);
  assert.deepEqual([ids(older), older.older], [["m2", "m3", "m4"], "more"]);
  assert.equal(prepend(held, [row(2)], 2).older, "end");
  const newer = append(held, [row(5)], 2);
  assert.deepEqual([ids(newer), newer.newer], [["m3", "m4", "m5"], "end"]);
});

test("never more than the bound is held", () => {
  const many = window(Array.from({ length: HELD + 5 }, (_, index) => row(index + 1)));
  const newest = cut(many, "older");
  assert.deepEqual([newest.rows.length, newest.rows[0]?.id, newest.older, newest.newer], [HELD, "m6", "more", "end"]);
  const oldest = cut(many, "newer");
  assert.deepEqual([oldest.rows.length, oldest.rows.at(-1)?.id, oldest.older, oldest.newer], [HELD, `m${HELD}`, "end", "more"]);
});

test("the first unread one is counted over messages of others that can be read", () => {
  const rows = [row(1), row(2, { from: "me" }), row(3), row(4, { state: "keyLost", text: null }), row(5, { deleted: true }), row(6)];
  assert.equal(firstUnread(rows, "me", 1), "m6");
  assert.equal(firstUnread(rows, "me", 2), "m3");
  assert.equal(firstUnread(rows, "me", 0), undefined);
  assert.equal(firstUnread(rows, "me", 9), undefined);
});

test("one author, one day and less than five minutes make a group", () => {
  const rows = [row(1), row(2), row(3, { from: "bo" }), row(4, { from: "bo", at_ms: NOON + 3_000 + 5 * MINUTE - 1 }), row(5, { from: "bo", at_ms: NOON + 3_000 + 10 * MINUTE })];
  assert.equal(shape(items(rows, view)), "day [m1 m2] [m3 m4] [m5]");
});

test("midnight ends a group and begins a day; the day above the window is not known", () => {
  const night = new Date(2026, 2, 3, 23, 59, 30).getTime();
  const rows = [row(1, { at_ms: night }), row(2, { at_ms: night + MINUTE })];
  assert.equal(shape(items(rows, view)), "day [m1] day [m2]");
  assert.equal(shape(items(rows, { ...view, fromStart: false })), "[m1] day [m2]");
});

test("the unread line ends a group", () => {
  assert.equal(shape(items([row(1), row(2), row(3)], { ...view, unreadFrom: "m2" })), "day [m1] unread [m2 m3]");
});

test("twenty messages are one group, the next begins another", () => {
  const list = items(Array.from({ length: 41 }, (_, index) => row(index + 1)), view).filter((item) => item.kind === "message");
  assert.deepEqual(list.filter((item) => item.first).map((item) => item.key), ["m1", "m21", "m41"]);
});

test("a doubt about the sender never hides inside a group, a reaction does not end one", () => {
  const rows = [row(1), row(2, { reactions: [{ emoji: "👍", by: ["me"] }] }), row(3, { reason: "cloned" }), row(4, { older_membership: "bo" })];
  assert.equal(shape(items(rows, view)), "day [m1 m2] [m3] [m4]");
});

test("the word stands on the newest own message that is still there", () => {
  const rows = [row(1, { from: "me" }), row(2, { from: "me" }), row(3, { from: "me", deleted: true, text: null }), row(4), row(null, { id: "f", from: "me", state: "failed" })];
  const words = items(rows, view).flatMap((item) => (item.kind === "message" && item.word ? [item.key] : []));
  assert.deepEqual(words, ["m2"]);
});

test("what a removed device wrote is counted elsewhere and never a message", () => {
  assert.equal(shape(items([row(1), row(2, { state: "waitingCut", text: null }), row(3)], { ...view, typing: ["ada"] })), "day [m1 m3] typing");
});
