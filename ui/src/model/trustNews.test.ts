import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContactState, Event } from "../../../client-core/bindings/chatty.ts";
import { afterEvent, type TrustNews } from "./trustNews.ts";

const became = (state: ContactState): Event => ({ event: "person.changed", user: "ada", state });
const stale: Event = { event: "alarm", kind: "devicesStale", user: "ada" };

/** The line about Ada after these events. */
function line(begin: ContactState, ...events: Event[]): TrustNews["kind"] | undefined {
  const states = new Map([["ada", begin]]);
  return events.reduce((news, event) => afterEvent(news, states, event, 7), new Map() as ReadonlyMap<string, TrustNews>).get("ada")?.kind;
}

test("one line per person, of the newest thing", () => {
  assert.equal(line("known", became("changed")), "changed");
  assert.equal(line("known", became("changed"), became("known")), "changed", "seen, and still so");
  assert.equal(line("verified", became("known")), "demoted");
  assert.equal(line("verified", became("verifiedChanged"), became("known")), "changed");
  assert.equal(line("verified", became("verifiedChanged"), became("verified")), undefined, "compared anew");
  assert.equal(line("verified", stale), "stale");
});

test("somebody new is no news, nor an alarm about no person", () => {
  assert.equal(line("new", became("known")), undefined);
  assert.equal(line("known", { event: "alarm", kind: "devicesStale" }, { event: "alarm", kind: "clockSkew" }), undefined);
});
