// What must not be overlooked, as the engine told it since this page is open. What holds longer has a state of its own:
// a chat that is held, somebody who is verified no more, a device that ended.
import type { Event } from "../../../client-core/bindings/chatty.ts";

type Told = Extract<Event, { event: "alarm" }>;

export interface Alarm extends Omit<Told, "event"> {
  /** The same thing about the same person or chat is said once. */
  key: string;
  seen: boolean;
}

/** These are said where they belong: in the chat, or as a whole screen. */
const ELSEWHERE: ReadonlySet<Told["kind"]> = new Set(["devicesStale", "conversationForked", "deviceRevoked"]);

export function afterAlarm(alarms: readonly Alarm[], { kind, user, chat }: Told): readonly Alarm[] {
  const key = [kind, user, chat].join(" ");
  if (ELSEWHERE.has(kind) || alarms.some((one) => one.key === key)) return alarms;
  return [...alarms, { kind, key, seen: false, ...(user !== undefined && { user }), ...(chat !== undefined && { chat }) }];
}

/** Somebody has read it. */
export function afterSeen(alarms: readonly Alarm[], key: string): readonly Alarm[] {
  return alarms.map((one) => (one.key === key ? { ...one, seen: true } : one));
}
