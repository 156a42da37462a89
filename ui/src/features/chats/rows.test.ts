import assert from "node:assert/strict";
import { test } from "node:test";
import { chosen, sorted, unreadOf, type Chat } from "./rows.ts";

const chat = (id: string, more: Partial<Chat> = {}): Chat => ({ id, kind: "direct", title: id, state: "open", unread: 0, mention: false, pinned: false, archived: false, last_at_ms: 0, ...more });
const ids = (rows: readonly Chat[]) => rows.map((row) => row.id);

test("pinned chats stand first, then the newest; equal times keep one order", () => {
  const rows = [chat("old", { last_at_ms: 1 }), chat("pin", { pinned: true }), chat("b", { last_at_ms: 5 }), chat("a", { last_at_ms: 5 })];
  assert.deepEqual(ids(sorted(rows)), ["pin", "a", "b", "old"]);
});

test("each filter lets through its own", () => {
  const rows = [chat("read"), chat("new", { unread: 2 }), chat("group", { kind: "group" }), chat("away", { archived: true, unread: 1 }), chat("ask", { state: "request", unread: 1 })];
  assert.deepEqual(ids(chosen(rows, "all")), ["group", "new", "read"]);
  assert.deepEqual(ids(chosen(rows, "unread")), ["new"]);
  assert.deepEqual(ids(chosen(rows, "unread", "read")), ["new", "read"]);
  assert.deepEqual(ids(chosen(rows, "groups")), ["group"]);
  assert.deepEqual(ids(chosen(rows, "archived")), ["away"]);
  assert.deepEqual(ids(chosen(rows, "requests")), []);
});

test("muted, archived and asking chats draw no attention", () => {
  const rows = [chat("a", { unread: 2 }), chat("m", { unread: 3, muted_until_ms: 100 }), chat("x", { unread: 4, archived: true }), chat("r", { unread: 5, state: "request" })];
  assert.equal(unreadOf(rows, 50), 2);
  assert.equal(unreadOf(rows, 150), 5);
});
