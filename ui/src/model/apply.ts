// What an event changes in the snapshot. One pure function per kind of row.
import type { Event } from "../../../client-core/bindings/chatty.ts";
import { afterAlarm } from "./alarms.ts";
import { EMPTY, type State } from "./state.ts";

/** A map with one row more, or with its new state. */
function put<T extends { id: string }>(rows: ReadonlyMap<string, T>, row: T): ReadonlyMap<string, T> {
  return new Map(rows).set(row.id, row);
}

function without<T>(rows: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  const left = new Map(rows);
  left.delete(id);
  return left;
}

function typing(state: State, chat: string, user: string, goesOn: boolean): State["typing"] {
  const who = new Set(state.typing.get(chat));
  if (goesOn) who.add(user);
  else who.delete(user);
  return new Map(state.typing).set(chat, who);
}

export function apply(state: State, event: Event): State {
  switch (event.event) {
    case "sync.changed":
      return { ...state, sync: event.status };
    case "account.changed":
      // Nothing of one account is shown to the next one.
      return event.who === null ? { ...EMPTY, stage: state.stage, sync: state.sync, who: null } : { ...state, who: event.who };
    case "chat.changed":
      return { ...state, chats: put(state.chats, event.chat), requests: event.chat.state === "request" ? state.requests : without(state.requests, event.chat.id) };
    case "chat.removed":
      return { ...state, chats: without(state.chats, event.chat), requests: without(state.requests, event.chat) };
    case "request.added":
      return { ...state, requests: put(state.requests, event.request) };
    case "device.changed":
      return { ...state, devices: put(state.devices, event.device) };
    case "approval.changed":
      return { ...state, approvals: put(state.approvals, event.approval) };
    case "message.added":
      // The word that somebody stopped may be lost; what was typed is here.
      return state.typing.get(event.message.conv)?.has(event.message.from) === true ? { ...state, typing: typing(state, event.message.conv, event.message.from, false) } : state;
    case "chat.typing":
      return { ...state, typing: typing(state, event.chat, event.user, event.typing) };
    case "presence.changed":
      return { ...state, presence: event.presence };
    case "alarm":
      return { ...state, alarms: afterAlarm(state.alarms, event) };
    default:
      return state;
  }
}

export function applyAll(state: State, events: readonly Event[]): State {
  return events.reduce(apply, state);
}
