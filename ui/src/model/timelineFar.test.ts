import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../client-core/bindings/chatty.ts";
import { MOST, readBack, unreadMention, type Pages } from "./timelineFar.ts";

const row = (seq: number, more: Partial<Message> = {}): Message => ({ id: `m${seq}`, conv: "c", seq, from: "ada", from_device: "d", at_ms: seq, state: "sent", text: "", edited: false, deleted: false, reactions: [], ...more });

/** A chat of so many messages; every tenth is one's own. */
function chat(count: number, change: (seq: number) => Partial<Message> = () => ({})): { pages: Pages; asked: unknown[]; unreadSince(seq: number): number } {
  const rows = Array.from({ length: count }, (_, index) => row(index + 1, { ...((index + 1) % 10 === 0 && { from: "me" }), ...change(index + 1) }));
  const asked: unknown[] = [];
  const at = (id: string): number => rows.findIndex((one) => one.id === id);
  return {
    asked,
    unreadSince: (seq) => rows.slice(seq - 1).filter((one) => one.from !== "me").length,
    pages: async (place) => {
      asked.push(place);
      if (place.after !== undefined) return rows.slice(at(place.after) + 1).slice(0, MOST);
      return rows.slice(0, place.before === undefined ? rows.length : at(place.before)).slice(-MOST);
    },
  };
}

test("the first unread one is found beyond the newest page, and its window goes on to the end where that fits", async () => {
  const { pages, unreadSince } = chat(5_000);
  const found = await readBack(pages, await pages({}), "me", unreadSince(4_321));
  assert.deepEqual([found?.unreadFrom, found?.rows.length, found?.rows[0]?.id, found?.older, found?.newer], ["m4321", 1_000, "m4001", "more", "end"]);
});

test("far back the window ends before the newest, at the start it knows so", async () => {
  const { pages, unreadSince } = chat(5_000);
  const far = await readBack(pages, await pages({}), "me", unreadSince(2_222));
  assert.deepEqual([far?.unreadFrom, far?.rows[0]?.id, far?.rows.at(-1)?.id, far?.newer], ["m2222", "m2001", "m3000", "more"]);
  const short = chat(700);
  const all = await readBack(short.pages, await short.pages({}), "me", short.unreadSince(1));
  assert.deepEqual([all?.unreadFrom, all?.rows.length, all?.older, all?.newer], ["m1", 700, "end", "end"]);
});

test("more than there is, or than is read back, has no place", async () => {
  const { pages, asked } = chat(30_000);
  assert.equal(await readBack(pages, await pages({}), "me", 27_000), undefined);
  assert.equal(asked.length, 41);
  const short = chat(700);
  assert.equal(await readBack(short.pages, await short.pages({}), "me", 9_999), undefined);
});

test("the first unread mention counts, not a read one, not an own one", async () => {
  const named = chat(3_000, (seq) => ([1_401, 1_510, 1_701, 2_903].includes(seq) ? { mentions: ["me"] } : {}));
  assert.equal(await unreadMention(named.pages, "me", named.unreadSince(1_502)), "m1701");
  assert.equal(await unreadMention(named.pages, "me", named.unreadSince(1_702)), "m2903");
  assert.equal(await unreadMention(named.pages, "me", named.unreadSince(2_904)), undefined);
  assert.equal(await unreadMention(named.pages, "me", 0), undefined);
});
