import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceName } from "./device.ts";
import { fault, suggest, tidy } from "./handle.ts";

test("a handle is suggested out of the name", () => {
  assert.equal(suggest("Ada Ng"), "ada_ng");
  assert.equal(suggest("  Jörg Müller-Lüdenscheidt "), "jorg_muller_ludenscheidt");
  assert.equal(suggest("2Pac"), "pac");
  assert.equal(suggest("نينو"), "");
  assert.equal(suggest("a".repeat(50)).length, 32);
});

test("a handle's faults have names", () => {
  assert.equal(fault("ab"), "short");
  assert.equal(fault("a".repeat(33)), "short");
  assert.equal(fault("1ada"), "start");
  assert.equal(fault("ada.ng"), "letters");
  assert.equal(fault("ada_ng92"), undefined);
  assert.equal(tidy(" @Ada "), "ada");
});

test("a device is called by its browser and system", () => {
  assert.equal(deviceName("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36"), "Chrome on Linux");
  assert.equal(deviceName("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"), "Firefox on Windows");
  assert.equal(deviceName("Mozilla/5.0 (Linux; Android 15) Chrome/150 Mobile Safari/537.36 Edg/150"), "Edge on Android");
  assert.equal(deviceName(""), "Browser");
});
