import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, shortLink } from "./invite.ts";

test("a link as people write it, and the address it opens here", () => {
  const link = "https://chatty.example/i/bo_lind#u1abc";
  assert.equal(shortLink(link), "chatty.example/i/bo_lind");
  assert.equal(addressOf(` ${link}\n`), "/i/bo_lind#u1abc");
});

test("what is no invite link opens nothing", () => {
  for (const text of ["", "hello", "https://chatty.example/", "https://chatty.example/i/bo", "https://chatty.example/settings#u1"]) assert.equal(addressOf(text), undefined, text);
});
