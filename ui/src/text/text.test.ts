// Times, sizes and names as people read them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { colourIndex, initials, isCalled, nameOf } from "./names.ts";
import { size } from "./size.ts";
import { ago, clock, dayRule, daysBetween, duration, left, list, listTime } from "./time.ts";

const at = (text: string) => new Date(text).getTime();
const now = at("2026-03-03T12:30");
/** Intl parts some pieces with spaces that do not break. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

test("a row's time grows coarser with age", () => {
  const rows = ["2026-03-03T09:05", "2026-03-02T23:59", "2026-02-28T10:00", "2026-01-05T10:00", "2025-03-03T10:00"].map((text) => plain(listTime(at(text), now, "en-GB")));
  assert.deepEqual(rows, ["09:05", "Yesterday", "Sat", "5 Jan", "03/03/25"]);
  assert.equal(plain(listTime(at("2026-03-03T15:04"), now, "en-US")), "3:04 PM");
  // A device whose clock is behind sees messages of tomorrow.
  assert.equal(listTime(at("2026-03-04T00:10"), now, "de"), "00:10");
});

test("a day rule names near days and far ones", () => {
  assert.equal(dayRule(now, now, "en"), "Today");
  assert.equal(dayRule(at("2026-03-02T00:00"), now, "de"), "Gestern");
  assert.equal(dayRule(at("2026-02-24T10:00"), at("2026-04-30T10:00"), "de").split(",")[0], "Dienstag");
  assert.match(dayRule(at("2025-02-17T10:00"), now, "en"), /2025/);
});

test("days are of the calendar, also when the clock changes between", () => {
  assert.equal(daysBetween(at("2026-03-28T23:59"), at("2026-03-29T00:01")), 1);
  assert.equal(daysBetween(at("2026-03-28T12:00"), at("2026-03-30T12:00")), 2);
  assert.equal(daysBetween(now, now), 0);
});

test("lengths of time", () => {
  assert.deepEqual([duration(2_419_200, "en"), duration(86_400, "de"), duration(90, "en"), duration(0, "en")], ["4 weeks", "1 Tag", "90 seconds", "0 seconds"]);
  assert.deepEqual([left(4 * 3_600_000, "en"), left(20_100, "en"), left(-5, "en")].map(plain), ["4h", "21s", "0s"]);
  assert.deepEqual([ago(now - 7_200_000, now, "en"), ago(now, now, "en")], ["2 hours ago", "now"]);
  assert.match(clock(now, "ar"), /[٠-٩12]/);
  assert.equal(list(["Ada", "Bo", "Cy"], "de"), "Ada, Bo und Cy");
});

test("sizes", () => {
  assert.deepEqual([0, 999, 1_000, 1_449_000, 999_600, 2_300_000_000].map((bytes) => plain(size(bytes, "en"))), ["0 bytes", "999 bytes", "1 kB", "1.4 MB", "1 MB", "2.3 GB"]);
});

test("initials of any script", () => {
  const one = ["Ada Ng", "  bo lindqvist", "@cy", "ნინო მაისურაძე", "ليلى حداد", "é́clair", "42 Street", "...", ""].map((name) => initials(name));
  assert.deepEqual(one, ["A", "B", "C", "Ნ", "ل", "É́", "4", ".", "?"]);
  assert.deepEqual(["Family", "Workshop Tuesday", "Long Table Project"].map((name) => initials(name, 2)), ["F", "W", "LP"]);
});

test("colours are even over ids, and the same for one", () => {
  const counts = new Map<number, number>();
  for (let place = 0; place < 8000; place++) counts.set(colourIndex(`user-${place}`), (counts.get(colourIndex(`user-${place}`)) ?? 0) + 1);
  assert.deepEqual([...counts.keys()].sort(), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.ok([...counts.values()].every((count) => count > 800 && count < 1200));
});

test("how a person is called", () => {
  assert.deepEqual([nameOf({ user: "u", name: "Ada", handle: "a" }), nameOf({ user: "u", name: "", handle: "a" }), nameOf({ user: "uah5gm2jcupnx" })], ["Ada", "@a", "uah5gm2j"]);
});

test("letters lead to a person by name or handle, whatever their case and accents", () => {
  const muriel = { name: "Muriel Sánchez", handle: "muri" };
  for (const typed of ["", "sanch", "MURIEL", "@muri", " el s "]) assert.equal(isCalled(muriel, typed), true, typed);
  assert.equal(isCalled(muriel, "cy"), false);
  assert.equal(isCalled({ handle: "cy" }, "cy"), true);
});
