// What only the fake can do; what it does as the engine does it is in contract.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createFake, NOON, sample } from "./index.ts";

function filled() {
  return createFake({ now: () => NOON, begin: sample });
}

test("the sample has every kind of row", async () => {
  const { api } = filled();
  const chats = await api.call("chat.list", {});
  assert.deepEqual([...new Set(chats.map((chat) => chat.kind))].sort(), ["direct", "group"]);
  assert.ok(chats.some((chat) => chat.unread > 9));
  assert.equal((await api.call("request.list", {})).length, 1);
  const failed = await api.call("message.search", { text: "flyer", limit: 5 });
  assert.deepEqual(failed.rows.map((row) => row.state), ["failed"]);
});

test("a scripted fault comes once, and only to its method", async () => {
  const fake = filled();
  fake.failNext("chat.list", "store_damaged");
  await assert.rejects(fake.api.call("chat.list", {}), { code: "store_damaged" });
  assert.ok((await fake.api.call("chat.list", {})).length > 0);
});

test("a held call is answered when it is let go", async () => {
  const fake = filled();
  const release = fake.hold("sync.state");
  let answered = false;
  const call = fake.api.call("sync.state", {}).then(() => (answered = true));
  await fake.api.call("chat.list", {});
  assert.equal(answered, false);
  release();
  await call;
});

test("what is written offline waits and leaves when the connection is back", async () => {
  const fake = filled();
  const [chat] = await fake.api.call("chat.list", {});
  assert.ok(chat);
  fake.script.connection("noInternet");
  const sent = await fake.api.call("message.send", { chat: chat.id, text: "later" });
  assert.equal((await fake.api.call("message.wait", { chat: chat.id, message: sent.id, timeout_ms: 1 })).state, "queued");
  assert.equal((await fake.api.call("sync.state", {})).outbox, 1);
  const states: string[] = [];
  fake.listen((event) => {
    if (event.event === "message.changed") states.push(event.message.state);
  });
  fake.script.connection("online");
  assert.deepEqual(states, ["sent"]);
  assert.equal((await fake.api.call("sync.state", {})).outbox, 0);
});

test("nobody can change a row of the fake from outside", async () => {
  const { api } = filled();
  const [chat] = await api.call("chat.list", {});
  assert.ok(chat);
  chat.title = "mine";
  assert.notEqual((await api.call("chat.list", {}))[0]?.title, "mine");
});
