import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client, Message } from "../../../client-core/bindings/chatty.ts";
import { Draft } from "./draft.ts";

type Call = [method: string, params: Record<string, unknown>];

function begun(answer: () => Promise<unknown> = () => Promise.resolve({})): { draft: Draft; calls: Call[] } {
  const calls: Call[] = [];
  const api = { call: (method: string, params: Record<string, unknown>) => (calls.push([method, params]), answer()), listen: () => () => undefined } as unknown as Client;
  return { draft: new Draft(api, "c"), calls };
}
const message = (id: string, text: string): Message => ({ id, conv: "c", seq: 1, from: "me", from_device: "d", at_ms: 0, state: "sent", text, edited: false, deleted: false, reactions: [] });
const sent = (calls: Call[]): Call[] => calls.filter(([method]) => method === "message.send" || method === "message.edit");

test("an answer names what it answers, and the field is empty afterwards", async () => {
  const { draft, calls } = begun();
  draft.reply(message("m1", "lunch?"));
  draft.setText("  yes \n");
  assert.equal(await draft.send(), true);
  assert.deepEqual(sent(calls), [["message.send", { chat: "c", text: "yes", reply_to: "m1" }]]);
  assert.deepEqual([draft.store.getState().text, draft.store.getState().replyTo], ["", undefined]);
});

test("a new message waits while an old one is changed, and comes back", async () => {
  const { draft, calls } = begun();
  draft.setText("half a new");
  draft.edit(message("m1", "old"));
  assert.equal(draft.store.getState().text, "old");
  draft.setText("newer");
  await draft.send();
  assert.deepEqual(sent(calls), [["message.edit", { chat: "c", message: "m1", text: "newer" }]]);
  assert.equal(draft.store.getState().text, "half a new");
  draft.edit(message("m1", "newer"));
  assert.equal(draft.cancel(), true);
  assert.equal(draft.store.getState().text, "half a new");
  assert.equal(draft.cancel(), false);
});

test("a change to nothing new is not sent", async () => {
  const { draft, calls } = begun();
  draft.edit(message("m1", "same"));
  assert.equal(await draft.send(), false);
  assert.deepEqual(sent(calls), []);
  assert.equal(draft.store.getState().editing, undefined);
});

test("what the engine refuses stands in the field again, before what was typed meanwhile", async () => {
  const { draft } = begun(() => Promise.reject({ code: "chat_closed", message: "", hint: "" }));
  draft.setText("first");
  const sending = draft.send();
  draft.setText("second");
  assert.equal(await sending, false);
  assert.equal(draft.store.getState().text, "first\nsecond");
  assert.equal(draft.store.getState().error?.code, "chat_closed");
});

test("people are named while their name still stands in the text", async () => {
  const { draft, calls } = begun();
  draft.name("@bo", "user-bo");
  draft.name("@cy", "user-cy");
  draft.setText("ask @bo");
  await draft.send();
  assert.deepEqual(sent(calls), [["message.send", { chat: "c", text: "ask @bo", mentions: ["user-bo"] }]]);
});
