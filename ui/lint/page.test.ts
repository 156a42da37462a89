// What the page's policy forbids, and what would leave this origin.
import assert from "node:assert/strict";
import { test } from "node:test";
import { code, places, styles } from "./sources.ts";

const HTML = /dangerouslySetInnerHTML|\b(?:inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function\(|<style\b|createElement\(["']style/g;
// Names of XML, and addresses that an RFC keeps for examples, lead nowhere.
const ADDRESS = /(?:https?|wss?):\/\/(?!www\.w3\.org\/|localhost\b|127\.0\.0\.1|[\w.-]*\.?example\b|\$\{)[\w[]/g;

test("no HTML from text", () => {
  assert.deepEqual(code().flatMap((file) => places(file, HTML)), []);
});

test("no address of another origin", () => {
  assert.deepEqual([...code(), ...styles()].flatMap((file) => places(file, ADDRESS)), []);
  assert.deepEqual(styles().flatMap((file) => places(file, /url\(\s*["']?(?!\.{0,2}\/)[^)]*\)|@import/g)), []);
});
