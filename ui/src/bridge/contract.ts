// What every engine does, told once: the fake is held to it, and the real worker with a real relay (tests/contract.spec.ts).
import assert from "node:assert/strict";
import type { ApiError, Chat, Client, Event, Methods } from "../../../client-core/bindings/chatty.ts";

/** An engine with nobody signed in, a server behind it, and Bob, who is on it already. */
export interface Side {
  api: Client;
  /** The server's address. */
  origin: string;
  /** The six digits of Ann's newest mail. */
  code(): Promise<string>;
  /** Waits for an event that came after the last one that was waited for, or any time in this case. */
  event<E extends Event["event"]>(name: E, fits: (event: Extract<Event, { event: E }>) => boolean): Promise<Extract<Event, { event: E }>>;
  /** Bob accepts what Ann sent. */
  bobAccepts(): Promise<void>;
  bobWrites(text: string): Promise<void>;
  /** The server goes away, or comes back. */
  server(there: boolean): Promise<void>;
}

export interface Case {
  name: string;
  run(side: Side): Promise<void>;
}

const PASSWORD = "correct horse battery staple";
const EMAIL = "ann@example.org";

async function refused(call: Promise<unknown>): Promise<ApiError> {
  return call.then((reply) => assert.fail(`answered ${JSON.stringify(reply)}`), (error: ApiError) => error);
}
async function code(call: Promise<unknown>): Promise<string> {
  return (await refused(call)).code;
}
const signUp = (side: Side, handle = "ann") => side.api.call("account.sign_up", { relay: side.origin, handle, email: EMAIL, password: PASSWORD, device_name: "Laptop" });
const withBob = (side: Side): Promise<Chat> => side.api.call("chat.resolve", { name: "@bob", create: true });
const newest = async (side: Side, chat: string) => (await side.api.call("message.list", { chat, limit: 1 }))[0] ?? assert.fail("no message");

/** Sends and waits until the server has it. */
async function send(side: Side, chat: string, text: string): Promise<string> {
  const sent = await side.api.call("message.send", { chat, text });
  const taken = await side.api.call("message.wait", { chat, message: sent.id, timeout_ms: 30_000 });
  assert.equal(taken.state, "accepted");
  return sent.id;
}

/** Each begins where the one before it ended. */
export const CASES: readonly Case[] = [
  {
    name: "nobody is signed in",
    async run({ api }) {
      for (const method of ["account.who_am_i", "account.log_out", "chat.list", "request.list"] as const) {
        assert.equal(await code(api.call(method, {})), "not_signed_in", method);
      }
      assert.deepEqual(await api.call("person.blocked", {}), []);
      assert.equal(await code(api.call("recovery.show", {})), "recovery_erased");
      assert.equal(await code(api.call("no.such" as keyof Methods, {} as never)), "unknown_method");
    },
  },
  {
    name: "a new account with its recovery key",
    async run(side) {
      const made = await signUp(side);
      assert.equal(made.handle, "ann");
      assert.match(made.recovery_key, /^([0-9A-HJKMNP-TV-Z]{5}[ -]){7}[0-9A-HJKMNP-TV-Z]{5}$/);
      const who = await side.api.call("account.who_am_i", {});
      assert.deepEqual([who.user, who.handle, who.class, who.device_state, who.verified_email], [made.user, "ann", "full", "approved", false]);
      assert.equal(await code(signUp(side, "other_name")), "already_signed_in");
      // A call that is made again, because its answer was lost, is answered again.
      assert.deepEqual(await signUp(side), made);
      assert.equal(await code(withBob(side)), "not_verified");
      assert.equal(await code(side.api.call("account.verify_email", { code: "000000" })), "code_wrong");
      await side.api.call("account.verify_email", { code: await side.code() });
      assert.equal((await side.api.call("account.who_am_i", {})).verified_email, true);
    },
  },
  {
    name: "the recovery key is shown until it was typed back",
    async run({ api }) {
      const { recovery_key: key } = await api.call("recovery.show", {});
      const groups = key.split(/[ -]/);
      const wrong = groups.map((group, place) => (place === 4 ? (group.startsWith("0") ? "1" : "0") + group.slice(1) : group)).join(" ");
      const mistyped = await refused(api.call("recovery.confirm", { recovery_key: wrong }));
      assert.deepEqual([mistyped.code, /group 5\b/.test(mistyped.hint)], ["recovery_mismatch", true]);
      assert.equal(await code(api.call("recovery.confirm", { recovery_key: groups.slice(1).join(" ") })), "recovery_mismatch");
      await api.call("recovery.confirm", { recovery_key: groups.join("").toLowerCase() });
      assert.equal(await code(api.call("recovery.show", {})), "recovery_erased");
    },
  },
  {
    name: "one's own profile and device",
    async run({ api }) {
      await api.call("profile.set", { name: "Ann Bell" });
      const own = await api.call("profile.get", {});
      assert.deepEqual([own.handle, own.name, own.state], ["ann", "Ann Bell", "known"]);
      const [device, ...others] = await api.call("device.list", {});
      assert.deepEqual([device?.current, device?.state, device?.name, others.length], [true, "approved", "Laptop", 0]);
      await api.call("device.rename", { name: "Old laptop" });
      assert.equal((await api.call("device.list", {}))[0]?.name, "Old laptop");
      assert.equal(await code(api.call("device.rename", { name: "x".repeat(65) })), "invalid");
      assert.deepEqual(await api.call("account.waits", {}), []);
      assert.deepEqual(await api.call("device.approvals", {}), []);
    },
  },
  {
    name: "chats by what a person types",
    async run(side) {
      const { api } = side;
      const find = (name: string, create: boolean) => api.call("chat.resolve", { name, create });
      assert.equal(await code(find("@nobody_here", true)), "no_such_person");
      assert.equal(await code(find("@bob", false)), "no_such_chat");
      assert.equal(await code(find("No such title", false)), "no_such_chat");
      const chat = await find("@bob", true);
      assert.deepEqual([chat.kind, chat.state, chat.unread], ["direct", "open", 0]);
      assert.equal((await find("@bob", true)).id, chat.id);
      assert.equal((await find(chat.id, false)).id, chat.id);
      assert.equal((await find(`${side.origin}/i/bob#${chat.with ?? ""}`, true)).id, chat.id);
      assert.equal((await find(chat.with ?? "", true)).id, chat.id);
      assert.deepEqual((await api.call("chat.list", {})).map((row) => row.id), [chat.id]);
    },
  },
  {
    name: "a message goes out: row first, then its place",
    async run(side) {
      const chat = (await withBob(side)).id;
      assert.equal(await code(side.api.call("message.send", { chat, text: "" })), "invalid");
      const sent = await side.api.call("message.send", { chat, text: "Hi Bob" });
      assert.equal(sent.conv, chat);
      const added = await side.event("message.added", (event) => event.message.id === sent.id);
      assert.deepEqual([added.message.text, added.message.state, added.message.seq], ["Hi Bob", "waiting", null]);
      await side.event("message.changed", (event) => event.message.id === sent.id && event.message.state !== "waiting");
      const row = await newest(side, chat);
      assert.deepEqual([row.id, row.state, typeof row.seq, row.edited, row.deleted, row.reactions], [sent.id, "sent", "number", false, false, []]);
      assert.equal((await side.api.call("chat.list", {}))[0]?.unread, 0);
    },
  },
  {
    name: "an answer arrives, is unread, then read",
    async run(side) {
      const chat = (await withBob(side)).id;
      await side.bobAccepts();
      await side.bobWrites("Hi Ann");
      const { message } = await side.event("message.added", (event) => event.message.text === "Hi Ann");
      assert.notEqual(message.from, (await side.api.call("account.who_am_i", {})).user);
      const changed = await side.event("chat.changed", (event) => event.chat.id === chat && event.chat.unread === 1);
      assert.deepEqual([changed.chat.last?.text, changed.chat.mention], ["Hi Ann", false]);
      await side.api.call("chat.read", { chat });
      assert.equal((await side.api.call("chat.list", {}))[0]?.unread, 0);
    },
  },
  {
    name: "edit, react, delete",
    async run(side) {
      const chat = (await withBob(side)).id;
      const bobs = await newest(side, chat);
      const own = await send(side, chat, "a park");
      const row = (id: string) => side.api.call("message.get", { chat, message: id });
      await side.api.call("message.edit", { chat, message: own, text: "the park" });
      assert.deepEqual([(await row(own)).text, (await row(own)).edited], ["the park", true]);
      assert.deepEqual((await side.api.call("message.versions", { chat, message: own })).map((version) => version.text), ["a park", "the park"]);
      assert.equal(await code(side.api.call("message.edit", { chat, message: bobs.id, text: "mine" })), "invalid");
      assert.equal(await code(side.api.call("message.delete", { chat, message: bobs.id })), "invalid");
      const me = (await side.api.call("account.who_am_i", {})).user;
      await side.api.call("message.react", { chat, message: bobs.id, emoji: "👍" });
      await side.api.call("message.react", { chat, message: bobs.id, emoji: "🎉" });
      assert.deepEqual((await row(bobs.id)).reactions, [{ emoji: "🎉", by: [me] }]);
      await side.api.call("message.react", { chat, message: bobs.id, emoji: "" });
      assert.deepEqual((await row(bobs.id)).reactions, []);
      await side.api.call("message.delete", { chat, message: own });
      assert.deepEqual([(await row(own)).deleted, (await row(own)).text], [true, null]);
      assert.equal(await code(side.api.call("message.edit", { chat, message: own, text: "again" })), "invalid");
    },
  },
  {
    name: "pages, answers and search",
    async run(side) {
      const chat = (await withBob(side)).id;
      const first = await send(side, chat, "Crème brûlée on Sunday");
      const answer = (await side.api.call("message.send", { chat, text: "and cake", reply_to: first })).id;
      const list = (more: object) => side.api.call("message.list", { chat, limit: 1, ...more }).then((rows) => rows.map((row) => row.id));
      assert.deepEqual([await list({}), await list({ before: answer }), await list({ after: first })], [[answer], [first], [answer]]);
      assert.equal((await newest(side, chat)).reply_to, first);
      const found = await side.api.call("message.search", { text: "BRULEE creme", limit: 10 });
      assert.deepEqual(found.rows.map((row) => [row.id, row.snippet]), [[first, [[0, 5], [6, 12]]]]);
      assert.deepEqual([(await side.api.call("message.search", { text: "zeppelin", limit: 10 })).rows, found.coverage.complete], [[], true]);
    },
  },
  {
    name: "drafts of a new message and of an edit lie beside each other",
    async run(side) {
      const chat = (await withBob(side)).id;
      const { api } = side;
      const own = await newest(side, chat);
      const draft = () => api.call("draft.get", { chat }).then(({ text, editing, reply_to }) => [text, editing, reply_to]);
      const shown = () => api.call("chat.resolve", { name: chat, create: false }).then((row) => row.draft);
      assert.deepEqual(await api.call("draft.get", { chat }), { text: "", at_ms: 0 });
      await api.call("draft.set", { chat, text: "half a thought", reply_to: own.id });
      assert.deepEqual([await draft(), await shown()], [["half a thought", undefined, own.id], "half a thought"]);
      await api.call("draft.set", { chat, text: "and more cake", editing: own.id });
      assert.deepEqual([await draft(), await shown()], [["and more cake", own.id, undefined], "half a thought"]);
      await api.call("message.edit", { chat, message: own.id, text: "and more cake" });
      assert.deepEqual(await draft(), ["half a thought", undefined, own.id]);
      await send(side, chat, "a whole thought");
      assert.deepEqual([await draft(), await shown()], [["", undefined, undefined], undefined]);
    },
  },
  {
    name: "links and mentions are stretches of the text",
    async run(side) {
      const chat = (await withBob(side)).id;
      await send(side, chat, "🗺️ see https://chatty.example/map today");
      const { text, spans } = await newest(side, chat);
      assert.deepEqual(spans?.map((span) => [span.kind, text?.slice(span.start, span.end)]), [["link", "https://chatty.example/map"]]);
    },
  },
  {
    name: "a chat is pinned, put away, silent",
    async run(side) {
      const chat = (await withBob(side)).id;
      const set = (flags: object) => side.api.call("chat.set_flags", { chat, ...flags }).then((row) => [row.pinned, row.archived, row.muted_until_ms]);
      assert.deepEqual(await set({ pinned: true }), [true, false, undefined]);
      await side.event("chat.changed", (event) => event.chat.id === chat && event.chat.pinned);
      const late = 4_000_000_000_000;
      assert.deepEqual(await set({ archived: true, muted_until_ms: late }), [true, true, late]);
      assert.deepEqual(await set({ pinned: false, archived: false, muted_until_ms: 0 }), [false, false, undefined]);
    },
  },
  {
    name: "people and invite links",
    async run(side) {
      const chat = await withBob(side);
      const people = await side.api.call("person.list", {});
      assert.deepEqual(people.map((row) => [row.handle, row.chat, row.blocked]), [["bob", chat.id, false]]);
      const { link } = await side.api.call("invite.link", {});
      const who = await side.api.call("account.who_am_i", {});
      assert.equal(link, `${side.origin}/i/ann#${who.user}`);
      const look = (text: string) => code(side.api.call("invite.look", { link: text }));
      assert.deepEqual([await look(link), await look("hello"), await look(link.replace(side.origin, "https://other.example"))], ["own_link", "bad_link", "other_server"]);
      assert.equal((await side.api.call("invite.look", { link: `${side.origin}/i/bob#${chat.with ?? ""}` })).user, chat.with);
    },
  },
  {
    name: "a person is compared, and that is taken back",
    async run(side) {
      const user = (await withBob(side)).with ?? "";
      const { api } = side;
      const number = await api.call("person.safety", { user });
      assert.deepEqual([number.groups.length, number.groups.every((group) => /^\d{5}$/.test(group)), number.verified], [12, true, false]);
      const told = side.event("person.changed", (event) => event.user === user && event.state === "verified");
      assert.equal((await api.call("person.set_verified", { user, verified: true })).state, "verified");
      await told;
      assert.deepEqual(await api.call("person.safety", { user }), { groups: number.groups, verified: true });
      // There is no change to be seen: somebody verified stays so.
      assert.equal((await api.call("person.acknowledge", { user })).state, "verified");
      assert.equal((await api.call("person.set_verified", { user, verified: false })).state, "known");
      assert.equal((await api.call("profile.get", { person: "@bob" })).state, "known");
    },
  },
  {
    name: "a chat's timer and receipts",
    async run(side) {
      const chat = (await withBob(side)).id;
      const { api } = side;
      assert.equal(await code(api.call("chat.set_timer", { chat, seconds: 40_000_000 })), "invalid");
      await api.call("chat.set_timer", { chat, seconds: 3600 });
      assert.equal((await api.call("chat.resolve", { name: chat, create: false })).timer_s, 3600);
      await send(side, chat, "gone in an hour");
      assert.ok(((await newest(side, chat)).expires_at_ms ?? 0) > 0);
      await api.call("chat.set_timer", { chat, seconds: 0 });
      assert.deepEqual(await api.call("chat.receipts", { chat }), { level: "read", own: null });
      assert.deepEqual(await api.call("chat.set_receipts", { chat, level: "none" }), { level: "none", own: "none" });
      assert.deepEqual(await api.call("chat.set_receipts", { chat }), { level: "read", own: null });
    },
  },
  {
    name: "presence is off until it is turned on",
    async run(side) {
      const { api } = side;
      assert.deepEqual(await api.call("presence.get", {}), { share: false, online: [] });
      assert.deepEqual(await api.call("presence.set", { share: true }), { share: true, online: [] });
      await side.event("presence.changed", ({ presence }) => presence.share);
      const chat = await withBob(side);
      await api.call("chat.open", { chats: [chat.id] });
      // Bob does not share.
      assert.deepEqual(await api.call("presence.get", {}), { share: true, online: [] });
      assert.deepEqual(await api.call("presence.set", { share: false }), { share: false, online: [] });
      await side.event("presence.changed", ({ presence }) => !presence.share);
      await api.call("chat.open", { chats: [] });
    },
  },
  {
    name: "a group, from its first title to the last goodbye",
    async run({ api }) {
      assert.equal(await code(api.call("group.create", { title: " ", people: [] })), "invalid");
      assert.equal(await code(api.call("group.create", { title: "Trip", people: ["@nobody_here"] })), "no_such_person");
      const made = await api.call("group.create", { title: "Trip", people: ["@bob"] });
      assert.deepEqual(made.members.map((row) => [row.handle, row.status, row.role]).sort(), [["ann", "member", "admin"], ["bob", "invited", "member"]]);
      await api.call("group.rename", { chat: made.id, title: "Trip to the lake" });
      assert.equal((await api.call("chat.resolve", { name: "Trip to the lake", create: false })).id, made.id);
      const fewer = await api.call("group.remove", { chat: made.id, person: "@bob" });
      assert.deepEqual(fewer.members.map((row) => row.handle), ["ann"]);
      await api.call("group.leave", { chat: made.id });
      assert.equal((await api.call("chat.resolve", { name: made.id, create: false })).state, "left");
      assert.equal(await code(api.call("message.send", { chat: made.id, text: "still here?" })), "chat_closed");
    },
  },
  {
    name: "somebody is blocked and let back",
    async run(side) {
      await side.api.call("person.block", { person: "@bob" });
      assert.deepEqual((await side.api.call("person.blocked", {})).map((row) => row.handle), ["bob"]);
      await side.api.call("person.unblock", { person: "@bob" });
      assert.deepEqual(await side.api.call("person.blocked", {}), []);
      assert.equal(await code(side.api.call("person.block", { person: "@nobody_here" })), "no_such_person");
    },
  },
  {
    name: "without a server: what is written waits, and can be taken back",
    async run(side) {
      const chat = (await withBob(side)).id;
      await side.server(false);
      await side.event("sync.changed", (event) => event.status.link !== "online");
      const [kept, withdrawn] = [await side.api.call("message.send", { chat, text: "kept" }), await side.api.call("message.send", { chat, text: "withdrawn" })];
      assert.equal((await side.api.call("message.wait", { chat, message: kept.id, timeout_ms: 1 })).state, "queued");
      assert.ok((await side.api.call("sync.state", {})).outbox > 0);
      await side.api.call("message.cancel", { chat, message: withdrawn.id });
      await side.event("message.removed", (event) => event.id === withdrawn.id);
      assert.equal(await code(side.api.call("account.change_password", { old: PASSWORD, new: `${PASSWORD}!` })), "not_reachable");
      await side.server(true);
      await side.event("message.changed", (event) => event.message.id === kept.id && event.message.state === "sent");
    },
  },
  {
    name: "signing out leaves nobody",
    async run({ api, event }) {
      await api.call("account.log_out", {});
      await event("account.changed", (changed) => changed.who === null);
      assert.equal(await code(api.call("account.who_am_i", {})), "not_signed_in");
    },
  },
];
