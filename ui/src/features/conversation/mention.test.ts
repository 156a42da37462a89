import assert from "node:assert/strict";
import { test } from "node:test";
import type { Member } from "../../../../client-core/bindings/chatty.ts";
import { choose, matching, typedName } from "./mention.ts";

const member = (handle: string, name?: string): Member => ({ user: `user-${handle}`, handle, status: "member", role: "member", ...(name !== undefined && { name }) });

test("a name begins with an @ at the start or after a space, and ends at the caret", () => {
  assert.equal(typedName("@", 1), "");
  assert.equal(typedName("hi @ad and", 6), "ad");
  assert.equal(typedName("(@ნი", 4), "ნი");
  for (const text of ["a@b", "hi", "@ad ", "mail ada@example"]) assert.equal(typedName(text, text.length), undefined, text);
});

test("handles and words of names are found, accents aside, and never oneself", () => {
  const members = [member("nina", "Nina Vogel"), member("jorg", "Jörg Schöffel"), member("ada", "Ada Ng")];
  const found = (typed: string): string[] => matching(members, typed, "user-nina").map((one) => one.user);
  assert.deepEqual(found(""), ["user-jorg", "user-ada"]);
  assert.deepEqual(found("scho"), ["user-jorg"]);
  assert.deepEqual(found("NG"), ["user-ada"]);
  assert.deepEqual(found("vogel"), []);
});

test("the chosen handle takes the place of what was typed", () => {
  assert.deepEqual(choose("ask @a", 6, "ada"), { text: "ask @ada ", caret: 9 });
  assert.deepEqual(choose("ask @a now", 6, "ada"), { text: "ask @ada now", caret: 8 });
});
