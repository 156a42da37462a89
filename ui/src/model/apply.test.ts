import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../client-core/bindings/chatty.ts";
import { apply } from "./apply.ts";
import { EMPTY } from "./store.ts";

const types = { event: "chat.typing", chat: "c", user: "bo", typing: true } as const;
const message = (from: string) => ({ id: "m", conv: "c", from }) as Message;

test("who sent something does not type any more, whoever else does", () => {
  const both = apply(apply(EMPTY, types), { ...types, user: "cy" });
  const after = apply(both, { event: "message.added", message: message("bo") });
  assert.deepEqual([...(after.typing.get("c") ?? [])], ["cy"]);
  assert.equal(apply(after, { event: "message.added", message: message("bo") }), after, "nothing else is drawn anew");
});

test("who is online is told as a whole, and nobody is after a sign-out", () => {
  const presence = { share: true, online: ["bo"] };
  const after = apply(EMPTY, { event: "presence.changed", presence });
  assert.deepEqual(after.presence, presence);
  assert.deepEqual(apply(after, { event: "account.changed", who: null }).presence, { share: false, online: [] });
});
