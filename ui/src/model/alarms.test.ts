import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../../client-core/bindings/chatty.ts";
import { afterAlarm, afterSeen, type Alarm } from "./alarms.ts";

type Told = Extract<Event, { event: "alarm" }>;
const after = (...told: Told[]) => told.reduce<readonly Alarm[]>(afterAlarm, []);
const alarm = (kind: Told["kind"], user?: string): Told => ({ event: "alarm", kind, ...(user !== undefined && { user }) });

test("an alarm is kept once for each person, also when it was read", () => {
  const read = afterSeen(after(alarm("clone", "ada"), alarm("clone", "bo"), alarm("clone", "ada")), "clone ada ");
  assert.deepEqual(read.map((one) => [one.user, one.seen]), [["ada", true], ["bo", false]]);
  assert.deepEqual(afterAlarm(read, alarm("clone", "ada")), read);
});

test("what has a place of its own is said there", () => {
  assert.deepEqual(after(alarm("devicesStale", "ada"), alarm("conversationForked"), alarm("deviceRevoked")), []);
});
