// The rows of a fake engine and of the server behind it, and how they are told of.
import type { AccountWait, Approval, Chat, ChatState, ContactState, Device, Event, LinkState, Member, Message, Presence, ReceiptLevel, SyncStatus, WhoAmI } from "../../../../client-core/bindings/chatty.ts";
import { refuse } from "./types.ts";

export interface Person {
  user: string;
  handle: string;
  name?: string;
  state: ContactState;
  blocked: boolean;
}

/** A conversation with all that belongs to it. */
export interface Room {
  id: string;
  kind: Chat["kind"];
  title: string;
  with?: string;
  state: ChatState;
  reason?: string;
  members: Member[];
  messages: Message[];
  /** Up to which place of `messages` it is read. */
  readUpTo: number;
  begunMs: number;
  timer: number;
  receipts: ReceiptLevel | null;
  flags: { pinned: boolean; archived: boolean; muted_until_ms?: number };
  /** Of a request: who asks. */
  from?: string;
  hidden: boolean;
  /** Messages of a device that its owner removed, not shown yet. */
  held?: number;
}

export interface Account {
  handle: string;
  email: string;
  password: string;
  user: string;
}

/** Where drafts lie: one for a new message, one per message under change. */
export interface DraftRow {
  chat: string;
  text: string;
  reply_to?: string;
  editing?: string;
  at_ms: number;
}

export class World {
  me: WhoAmI | null = null;
  account: Account | null = null;
  /** Null = confirmed and erased. */
  recoveryKey: string | null = null;
  profileName: string | undefined;
  people = new Map<string, Person>();
  rooms = new Map<string, Room>();
  devices = new Map<string, Device>();
  approvals = new Map<string, Approval>();
  waits: AccountWait[] = [];
  drafts = new Map<string, DraftRow>();
  versions = new Map<string, { text: string; at_ms: number }[]>();
  receipts: ReceiptLevel = "read";
  link: LinkState = "online";
  behind = 0;
  sharesPresence = false;
  /** Who is online and shares it. */
  readonly present = new Set<string>();
  open: readonly string[] = [];
  /** Codes that are right; the newest mail's last. */
  codes: string[] = ["407158"];
  readonly now: () => number;
  readonly #listeners = new Set<(event: Event) => void>();
  #lastId = 0;
  #seq = 0;

  constructor(now: () => number) {
    this.now = now;
  }

  listen(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: Event): void {
    // As over a worker: nobody can change a row of the other side.
    this.#listeners.forEach((listener) => listener(structuredClone(event)));
  }

  id(kind: string): string {
    return `${kind}-${++this.#lastId}`;
  }

  seq(): number {
    return ++this.#seq;
  }

  /** The account, or the refusal where nobody is signed in. */
  signedIn(): WhoAmI {
    return this.me ?? refuse("not_signed_in", "This home has no account yet.");
  }

  /** The account of a device that may read and send. */
  live(): WhoAmI {
    const me = this.signedIn();
    if (me.device_state !== "approved") refuse("device_waiting", "This device waits for approval.");
    return me;
  }

  online(): void {
    if (this.link !== "online") refuse("not_reachable", "The server cannot be reached now.");
  }

  /** The server lets only people with a confirmed address do more than sign in. */
  served(): void {
    const me = this.signedIn();
    this.online();
    if (!me.verified_email) refuse("not_verified", "The server refused: not verified.");
  }

  room(id: string): Room {
    this.live();
    const room = this.rooms.get(id);
    return room === undefined || room.hidden ? refuse("no_such_chat", "There is no such chat.") : room;
  }

  message(room: Room, id: string): Message {
    return room.messages.find((row) => row.id === id) ?? refuse("no_such_message", "There is no such message here.");
  }

  /** By `@handle` or id, as the server knows them. */
  person(typed: string): Person {
    const name = typed.trim();
    const known = this.people.get(name) ?? [...this.people.values()].find((person) => person.handle === name.replace(/^@/, "").toLowerCase());
    return known ?? refuse("no_such_person", "There is nobody of that name.", "Handles are matched exactly: check the spelling.");
  }

  /** What a shell sees of a conversation. */
  chat(room: Room): Chat {
    const last = room.messages.at(-1);
    const unread = room.messages.slice(room.readUpTo).filter((row) => row.from !== this.me?.user);
    const draft = this.#draftOf(room.id);
    // Fields of the newest engine stand in spreads, so that an older list of types still fits.
    const newest = {
      ...(last !== undefined && { last }),
      mention: unread.some((row) => row.mentions?.includes(this.me?.user ?? "") ?? false),
      ...room.flags,
      ...(room.timer > 0 && { timer_s: room.timer }),
      ...(draft !== undefined && draft !== "" && { draft }),
    };
    return {
      id: room.id,
      kind: room.kind,
      title: room.title,
      ...(room.with !== undefined && { with: room.with }),
      state: room.state,
      ...(room.reason !== undefined && { reason: room.reason }),
      unread: unread.length,
      last_at_ms: last?.at_ms ?? room.begunMs,
      ...newest,
    };
  }

  #draftOf(chat: string): string | undefined {
    return this.drafts.get(chat)?.text;
  }

  /** Whom this user sees: both share, and their accepted chat is on the screen. */
  presence(): Presence {
    const shown = (user: string) => this.people.get(user)?.blocked === false && [...this.rooms.values()].some((room) => room.with === user && room.kind === "direct" && room.state === "open" && this.open.includes(room.id));
    return { share: this.sharesPresence, online: this.sharesPresence && this.link === "online" ? [...this.present].filter(shown) : [] };
  }

  tellPresence(): void {
    this.tell({ event: "presence.changed", presence: this.presence() });
  }

  status(): SyncStatus {
    return { link: this.link, caught_up: this.link === "online", behind: this.behind, outbox: this.outbox(), ...(this.link === "connecting" || this.link === "serverDown" ? { retry_in_ms: 20_000 } : {}) };
  }

  outbox(): number {
    return [...this.rooms.values()].reduce((sum, room) => sum + room.messages.filter((row) => row.state === "waiting").length, 0);
  }

  tellChat(room: Room): void {
    this.tell({ event: "chat.changed", chat: this.chat(room) });
  }

  tellOutbox(): void {
    this.tell({ event: "outbox.changed", waiting: this.outbox() });
    this.tell({ event: "sync.changed", status: this.status() });
  }
}
