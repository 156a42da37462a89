// Messages: written, changed, found. What is sent leaves when the caller has its answer.
import type { Message, Sent } from "../../../../client-core/bindings/chatty.ts";
import { DONE, refuse, type Params } from "./types.ts";
import type { Room, World } from "./world.ts";

const REQUEST_BYTES = 1024;

/** Links and named people, as ranges of UTF-16 units. */
function spansOf(world: World, text: string, mentions: readonly string[]): NonNullable<Message["spans"]> {
  const links = [...text.matchAll(/https?:\/\/[^\s<>]+[^\s<>.,!?)]/g)].map((match) => ({ start: match.index, end: match.index + match[0].length, kind: "link" as const, target: match[0] }));
  const names = mentions.flatMap((user) => {
    const name = `@${world.people.get(user)?.handle ?? ""}`;
    const start = text.indexOf(name);
    return start < 0 ? [] : [{ start, end: start + name.length, kind: "mention" as const, target: user }];
  });
  return [...links, ...names].sort((one, other) => one.start - other.start);
}

/** A row as its author's device has it first. */
export function written(world: World, room: Room, from: string, text: string | null, more: Partial<Message> = {}): Message {
  const spans = spansOf(world, text ?? "", more.mentions ?? []);
  return {
    ...(spans.length > 0 && { spans }),
    id: world.id("msg"), conv: room.id, seq: null, from, from_device: `${from}-device`, at_ms: world.now(), state: "waiting",
    text, edited: false, deleted: false, reactions: [], ...(room.timer > 0 && { expires_at_ms: world.now() + room.timer * 1000 }), ...more,
  };
}

export function add(world: World, room: Room, message: Message): void {
  room.messages.push(message);
  world.tell({ event: "message.added", message });
  world.tellChat(room);
}

/** The row in its new state. */
export function change(world: World, room: Room, message: Message, fields: Partial<Message>): Message {
  Object.assign(message, fields);
  world.tell({ event: "message.changed", message });
  if (room.messages.at(-1) === message) world.tellChat(room);
  return message;
}

/** The server takes what waits; nothing leaves without a connection. */
export function post(world: World, room: Room): void {
  if (world.link !== "online") return;
  for (const message of room.messages.filter((row) => row.state === "waiting")) change(world, room, message, { state: "sent", seq: world.seq() });
  world.tellOutbox();
}

function sent(message: Message): Sent {
  return { id: message.id, conv: message.conv, state: message.seq === null ? "queued" : "accepted", ...(message.seq !== null && { seq: message.seq }) };
}

function writable(world: World, id: string): Room {
  const room = world.room(id);
  if (room.state !== "open") refuse("chat_closed");
  if (room.with !== undefined && world.people.get(room.with)?.state === "verifiedChanged") refuse("trust_changed");
  return room;
}

function own(world: World, room: Room, id: string): Message {
  const message = world.message(room, id);
  return message.from === world.me?.user ? message : refuse("invalid", "Only who wrote a message can change it.");
}

/** Case and accents do not count. */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function find(world: World, params: Params<"message.search">) {
  const wanted = plain(params.text).split(/\s+/).filter((word) => word !== "");
  const rooms = params.chat === undefined ? [...world.rooms.values()] : [world.room(params.chat)];
  const rows = rooms.flatMap((room) => room.messages).filter((row) => row.text !== null && !row.deleted).sort((one, other) => other.at_ms - one.at_ms);
  const hits = wanted.length === 0 ? [] : rows.filter((row) => wanted.every((word) => plain(row.text ?? "").includes(word)));
  const since = rows.at(-1)?.at_ms ?? null;
  return { rows: hits.slice(0, params.limit).map((row) => ({ ...row, snippet: spans(row.text ?? "", wanted) })), coverage: { messages: rows.length, since_ms: since, complete: true } };
}

function spans(text: string, words: readonly string[]): [number, number][] {
  // Accents fold per character, so that places count characters of the text itself.
  const folded = [...text].map((mark) => plain(mark) || mark);
  const found = words.map((word): [number, number] | null => {
    const start = folded.join("").indexOf(word);
    return start < 0 ? null : [start, start + [...word].length];
  });
  return found.filter((span) => span !== null).sort((one, other) => one[0] - other[0]);
}

function page(world: World, params: Params<"message.list"> & { after?: string; around?: string }): Message[] {
  const { messages } = world.room(params.chat);
  const limit = Math.min(Math.max(params.limit, 1), 500);
  const place = (id: string) => (messages.some((row) => row.id === id) ? messages.findIndex((row) => row.id === id) : refuse("no_such_message"));
  if (params.after !== undefined) return messages.slice(place(params.after) + 1).slice(0, limit);
  if (params.around !== undefined) return messages.slice(Math.max(0, place(params.around) - Math.floor(limit / 2))).slice(0, limit);
  return messages.slice(0, params.before === undefined ? messages.length : place(params.before)).slice(-limit);
}

export function messages(world: World, soon: (work: () => void) => void) {
  return {
    "message.list": (params: Params<"message.list">) => page(world, params),
    "message.get": (params: { chat: string; message: string }) => world.message(world.room(params.chat), params.message),
    "message.versions": (params: { chat: string; message: string }) => {
      const message = world.message(world.room(params.chat), params.message);
      return [...(world.versions.get(message.id) ?? []), { text: message.text ?? "", at_ms: message.at_ms }];
    },
    "message.receipts"(params: Params<"message.receipts">) {
      const room = world.room(params.chat);
      const message = world.message(room, params.message);
      if (message.from !== world.me?.user || (message.state !== "delivered" && message.state !== "read")) return [];
      const { state } = message;
      return room.members.filter((member) => member.user !== message.from && member.status === "member").map((member) => ({ user: member.user, state }));
    },
    "message.send"(params: Params<"message.send">): Sent {
      const room = writable(world, params.chat);
      if (params.text === "") refuse("invalid", "There is nothing to send.");
      if (params.reply_to !== undefined) world.message(room, params.reply_to);
      const asked = room.members.some((member) => member.status === "invited") && room.kind === "direct";
      if (asked && new TextEncoder().encode(params.text).length > REQUEST_BYTES) refuse("chat_closed", "The first messages to somebody new must be short.");
      const { reply_to, mentions } = params;
      const message = written(world, room, world.live().user, params.text, { ...(reply_to !== undefined && { reply_to }), ...(mentions?.length && { mentions }) });
      if (params.keep_draft !== true) world.drafts.delete(room.id);
      room.readUpTo = room.messages.length + 1;
      add(world, room, message);
      world.tellOutbox();
      soon(() => post(world, room));
      return sent(message);
    },
    "message.wait"(params: Params<"message.wait">): Sent {
      const room = world.room(params.chat);
      const message = world.message(room, params.message);
      post(world, room);
      return sent(message);
    },
    "message.edit"(params: Params<"message.edit">): Sent {
      const room = writable(world, params.chat);
      const message = own(world, room, params.message);
      if (message.deleted) refuse("invalid", "The message is deleted.");
      if (world.drafts.get(`${room.id} edit`)?.editing === message.id) world.drafts.delete(`${room.id} edit`);
      world.versions.set(message.id, [...(world.versions.get(message.id) ?? []), { text: message.text ?? "", at_ms: message.at_ms }]);
      return sent(change(world, room, message, { text: params.text, edited: true }));
    },
    "message.delete"(params: Params<"message.delete">): Sent {
      const room = writable(world, params.chat);
      return sent(change(world, room, own(world, room, params.message), { text: null, deleted: true, reactions: [] }));
    },
    "message.react"(params: Params<"message.react">): Sent {
      const room = writable(world, params.chat);
      const me = world.live().user;
      const message = world.message(room, params.message);
      return sent(change(world, room, message, { reactions: reacted(message.reactions, me, params.emoji) }));
    },
    "message.cancel"(params: Params<"message.cancel">) {
      const room = world.room(params.chat);
      const message = world.message(room, params.message);
      if (message.state !== "waiting" && message.state !== "failed") refuse("invalid", "It is sent already.");
      room.messages = room.messages.filter((row) => row !== message);
      world.tell({ event: "message.removed", chat: room.id, id: message.id });
      world.tellChat(room);
      world.tellOutbox();
      return DONE;
    },
    "message.search"(params: Params<"message.search">) {
      world.live();
      return find(world, params);
    },
  };
}

/** One reaction per person; an empty emoji takes it back. */
export function reacted(reactions: Message["reactions"], user: string, emoji: string): Message["reactions"] {
  const others = reactions.map((row) => ({ ...row, by: row.by.filter((other) => other !== user) })).filter((row) => row.by.length > 0);
  if (emoji === "") return others;
  const same = others.find((row) => row.emoji === emoji);
  if (same === undefined) return [...others, { emoji, by: [user] }];
  return others.map((row) => (row === same ? { emoji, by: [...row.by, user] } : row));
}
