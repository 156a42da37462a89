import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../../client-core/bindings/chatty.ts";
import { actionOf, can, type Action } from "./can.ts";

const ALL: Action[] = ["reply", "react", "copy", "edit", "history", "sendAgain", "remove", "delete"];
const row = (more: Partial<Message> = {}): Message => ({ id: "m", conv: "c", seq: 1, from: "x", from_device: "d", at_ms: 0, state: "sent", text: "t", edited: false, deleted: false, reactions: [], ...more });
const allowed = (message: Message, mine: boolean, state: "open" | "left" = "open"): Action[] => ALL.filter((action) => can(action, message, mine, state));

test("only own messages can be changed", () => {
  assert.deepEqual(allowed(row(), true), ["reply", "react", "copy", "edit", "delete"]);
  assert.deepEqual(allowed(row({ edited: true }), false), ["reply", "react", "copy", "history"]);
});

test("what is gone or cannot be read offers nothing", () => {
  assert.deepEqual(allowed(row({ deleted: true, text: null }), true), []);
  assert.deepEqual(allowed(row({ text: null, state: "keyComing" }), false), []);
});

test("what was not sent can be sent again or removed", () => {
  assert.deepEqual(allowed(row({ seq: null, state: "failed" }), true), ["copy", "sendAgain", "remove"]);
  assert.deepEqual(allowed(row({ seq: null, state: "waiting" }), true), ["copy", "remove"]);
});

test("where one cannot write, one can still read", () => {
  assert.deepEqual(allowed(row(), true, "left"), ["copy"]);
});

test("keys of a focused message", () => {
  assert.deepEqual(["r", "E", "+", "c", "Delete", "Enter", "x"].map(actionOf), ["reply", "edit", "react", "copy", "delete", "menu", undefined]);
});
