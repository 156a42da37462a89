// Conversations, requests, drafts.
import type { Chat } from "../../../../client-core/bindings/chatty.ts";
import { DONE, refuse, type Params } from "./types.ts";
import type { Person, Room, World } from "./world.ts";

const YEAR_S = 31_536_000;

/** A room with nothing in it. */
export function room(world: World, fields: Partial<Room> & Pick<Room, "kind" | "title">): Room {
  const made: Room = {
    id: world.id("chat"), state: "open", members: [], messages: [], readUpTo: 0, begunMs: world.now(), timer: 0,
    receipts: null, flags: { pinned: false, archived: false }, hidden: false, ...fields,
  };
  world.rooms.set(made.id, made);
  return made;
}

/** The conversation with a person (oneself: notes), made if there is none. */
export function direct(world: World, person: Person): Room {
  const known = [...world.rooms.values()].find((row) => row.with === person.user && !row.hidden);
  if (known !== undefined) return known;
  const own = person.user === world.me?.user;
  const made = room(world, { kind: own ? "self" : "direct", title: person.name ?? `@${person.handle}`, with: person.user });
  world.tellChat(made);
  return made;
}

function resolve(world: World, name: string, create: boolean): Room {
  const rooms = [...world.rooms.values()].filter((row) => !row.hidden);
  const link = /^https?:\/\/[^/]+\/i\/[^#]+#(\S+)$/i.exec(name)?.[1];
  if (name.startsWith("@") || link !== undefined || world.people.has(name)) {
    world.served();
    const person = world.person(link ?? name);
    const known = (create ? [...world.rooms.values()] : rooms).find((row) => row.with === person.user);
    // Who opens a chat with a person whose request was deleted wants that request back.
    if (known !== undefined) known.hidden = false;
    return known ?? (create ? direct(world, person) : refuse("no_such_chat", "There is no chat of that name."));
  }
  const exact = rooms.find((row) => row.id === name);
  if (exact !== undefined) return exact;
  const titled = rooms.filter((row) => row.title === name);
  const found = titled.length === 0 && name.length >= 8 ? rooms.filter((row) => row.id.startsWith(name)) : titled;
  if (found.length > 1) refuse("ambiguous_chat", "More than one chat has that name.");
  return found[0] ?? refuse("no_such_chat", "There is no chat of that name.");
}

function request(world: World, id: string): Room {
  const found = world.rooms.get(id);
  return found?.state === "request" && !found.hidden ? found : refuse("no_such_chat", "There is no such request.");
}

function hide(world: World, found: Room): void {
  found.hidden = true;
  world.tell({ event: "chat.removed", chat: found.id });
}

/** Requests as the engine lists them. */
export function requestRow(found: Room) {
  const text = found.kind === "group" ? found.title : (found.messages.find((row) => row.text !== null)?.text ?? null);
  return { id: found.id, from: found.from ?? found.with ?? "", preview: text, at_ms: found.messages.at(-1)?.at_ms ?? found.begunMs };
}

export function chats(world: World) {
  return {
    "chat.list"(): Chat[] {
      world.signedIn();
      const rows = [...world.rooms.values()].filter((row) => row.state !== "request" && !row.hidden).map((row) => world.chat(row));
      return rows.sort((one, other) => other.last_at_ms - one.last_at_ms);
    },
    "chat.resolve"(params: Params<"chat.resolve">) {
      world.live();
      return world.chat(resolve(world, params.name.trim(), params.create));
    },
    "chat.read"(params: Params<"chat.read">) {
      const found = world.room(params.chat);
      const place = params.up_to === undefined ? found.messages.length : found.messages.findIndex((row) => row.id === params.up_to) + 1;
      if (place === 0 && params.up_to !== undefined) refuse("no_such_message");
      if (place > found.readUpTo) {
        found.readUpTo = place;
        world.tellChat(found);
      }
      return DONE;
    },
    "chat.set_timer"(params: Params<"chat.set_timer">) {
      const found = world.room(params.chat);
      if (params.seconds > YEAR_S) refuse("invalid", "At most one year.");
      if (found.state !== "open") refuse("chat_closed");
      found.timer = params.seconds;
      world.tellChat(found);
      return DONE;
    },
    "chat.receipts"(params: Params<"chat.receipts">) {
      const own = params.chat === undefined ? world.receipts : world.room(params.chat).receipts;
      return { level: own ?? world.receipts, own };
    },
    "chat.set_receipts"(params: Params<"chat.set_receipts">) {
      const level = params.level ?? null;
      if (params.chat === undefined) world.receipts = level ?? "read";
      else world.room(params.chat).receipts = level;
      return { level: level ?? world.receipts, own: level };
    },
    "chat.open"(params: Params<"chat.open">) {
      if (params.chats.length > 8) refuse("invalid", "Too many open chats.");
      const before = world.presence().online.join();
      world.open = params.chats;
      if (world.presence().online.join() !== before) world.tellPresence();
      return DONE;
    },
    "presence.get"() {
      world.signedIn();
      return world.presence();
    },
    "presence.set"(params: Params<"presence.set">) {
      world.signedIn();
      world.sharesPresence = params.share;
      world.tellPresence();
      return world.presence();
    },
    "chat.typing"(params: Params<"chat.typing">) {
      world.room(params.chat);
      return DONE;
    },
    "request.list"() {
      world.signedIn();
      const rows = [...world.rooms.values()].filter((row) => row.state === "request" && !row.hidden);
      return rows.filter((row) => world.people.get(row.from ?? "")?.blocked !== true).map(requestRow).sort((one, other) => other.at_ms - one.at_ms);
    },
    "request.accept"(params: Params<"request.accept">) {
      world.served();
      const found = request(world, params.chat);
      found.state = "open";
      const own = found.members.find((member) => member.user === world.me?.user);
      if (own !== undefined) own.status = "member";
      world.tellChat(found);
      return DONE;
    },
    "request.delete"(params: Params<"request.delete">) {
      world.served();
      hide(world, request(world, params.chat));
      return DONE;
    },
    "request.block"(params: Params<"request.block">) {
      world.served();
      const found = request(world, params.chat);
      const person = world.people.get(found.from ?? "");
      if (person !== undefined) person.blocked = true;
      hide(world, found);
      return DONE;
    },
    "chat.set_flags"(params: { chat: string; pinned?: boolean; archived?: boolean; muted_until_ms?: number }) {
      const found = world.room(params.chat);
      const { chat: _, ...flags } = params;
      found.flags = { ...found.flags, ...flags };
      if (found.flags.muted_until_ms === 0) delete found.flags.muted_until_ms;
      world.tellChat(found);
      return world.chat(found);
    },
    "chat.info"(params: Params<"chat.info">) {
      return { held: world.room(params.chat).held ?? 0, missing: [] };
    },
    "draft.get"(params: { chat: string }) {
      world.room(params.chat);
      return world.drafts.get(`${params.chat} edit`) ?? world.drafts.get(params.chat) ?? { text: "", at_ms: 0 };
    },
    "draft.set"(params: { chat: string; text: string; reply_to?: string; editing?: string }) {
      const found = world.room(params.chat);
      const key = params.editing === undefined ? params.chat : `${params.chat} edit`;
      if (params.text === "") world.drafts.delete(key);
      else world.drafts.set(key, { ...params, at_ms: world.now() });
      world.tellChat(found);
      return DONE;
    },
  };
}
