import assert from "node:assert/strict";
import { test } from "node:test";
import type { WhoAmI } from "../../../client-core/bindings/chatty.ts";
import { gate, type Standing } from "./gate.ts";

const ada: WhoAmI = { user: "u", handle: "ada", device: "d", class: "full", device_state: "approved", verified_email: true };
const nobody = { who: null, keySaved: undefined, later: new Set() } as Standing;
const as = (who: Partial<WhoAmI>, more: Partial<Standing> = {}): Standing => ({ who: { ...ada, ...who }, keySaved: true, later: new Set(), ...more });

const TABLE: [string, Standing, string, string | undefined][] = [
  ["nobody starts at the welcome", nobody, "/", "/welcome"],
  ["nobody reads no chat", nobody, "/c/x", "/welcome"],
  ["nobody may create", nobody, "/welcome/create", undefined],
  ["nobody skips to the key", nobody, "/welcome/key", "/welcome"],
  ["an invite shows itself to everybody", nobody, "/i/ada", undefined],
  ["a waiting device sees only its own screen", as({ device_state: "waiting", verified_email: false }), "/chats", "/welcome/link"],
  ["and stays there", as({ device_state: "waiting" }), "/welcome/link", undefined],
  ["a removed device is told", as({ device_state: "revoked" }), "/chats", "/welcome/ended"],
  ["an unchecked address asks for the code", as({ verified_email: false }), "/chats", "/welcome/code"],
  ["unless that was put off", as({ verified_email: false }, { later: new Set(["code"]) }), "/chats", undefined],
  ["also from the start", as({ verified_email: false }, { later: new Set(["code"]) }), "/", "/chats"],
  ["then the code can still be typed", as({ verified_email: false }, { later: new Set(["code"]) }), "/welcome/code", undefined],
  ["sign-up goes on to the code", as({ verified_email: false }), "/welcome/create", "/welcome/code"],
  ["a right code goes on to the key", as({}, { keySaved: false }), "/welcome/code", "/welcome/key"],
  ["a saved key goes on to people", as({}), "/welcome/key", "/welcome/people"],
  ["people stay until the person goes on", as({}), "/welcome/people", undefined],
  ["whoever is in starts at the chats", as({}), "/", "/chats"],
  ["whoever is in needs no welcome", as({}), "/welcome/link", "/chats"],
  ["whoever is in goes anywhere", as({}, { keySaved: false }), "/settings/devices", undefined],
];

for (const [what, standing, path, expected] of TABLE) test(what, () => assert.equal(gate(standing, path), expected));
