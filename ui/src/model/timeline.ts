// The timeline of one chat: reads pages of rows and keeps them true by the engine's events.
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Event, Message } from "../../../client-core/bindings/chatty.ts";
import type { Model } from "./store.ts";
import { MOST, readBack, unreadMention, type Pages } from "./timelineFar.ts";
import { append, cut, firstUnread, NOTHING, prepend, put, remove, type Rows } from "./timelineRows.ts";

export interface TimelineState extends Rows {
  /** Whether the first page is there. */
  ready: boolean;
  /** Where the unread line stands until the chat is left. */
  unreadFrom: string | undefined;
  /** How many were unread then. */
  unread: number;
  /** Messages known to be missing, per person. */
  gaps: ReadonlyMap<string, { count: number; expired: boolean }>;
  /** Messages that are answered here but not held; `null` = it is gone. */
  quotes: ReadonlyMap<string, Message | null>;
}

const PAGE = 100;
const FIRST_PAGE = 60;

export class Timeline {
  readonly chat: string;
  readonly store: StoreApi<TimelineState>;
  readonly #model: Model;
  #stop: (() => void) | undefined;
  /** A later reading makes the answer of an earlier one void. */
  #reading = 0;
  readonly #wanted = new Set<string>();
  readonly #pages: Pages = (place) => this.#model.api.call("message.list", { chat: this.chat, limit: MOST, ...place });

  constructor(model: Model, chat: string) {
    this.chat = chat;
    this.#model = model;
    this.store = createStore<TimelineState>(() => ({ ...NOTHING, older: "loading", ready: false, unreadFrom: undefined, unread: 0, gaps: new Map(), quotes: new Map() }));
  }

  /** Reads the newest page and listens; the answer ends that. */
  start(): () => void {
    this.#stop ??= this.#model.onEvents((events) => this.#hear(events));
    const unread = this.#model.store.getState().chats.get(this.chat)?.unread ?? 0;
    void this.#readGaps();
    void this.#read(Math.min(FIRST_PAGE + unread, MOST), undefined, unread);
    return () => {
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  /** Reads the newest page anew. */
  async toEnd(): Promise<void> {
    if (this.store.getState().newer !== "end" || !this.store.getState().ready) await this.#read(FIRST_PAGE);
  }

  /** Holds a message, with what stands around it. Says whether it is there. */
  async toMessage(id: string): Promise<boolean> {
    if (this.store.getState().rows.some((row) => row.id === id)) return true;
    const rows = await this.#read(PAGE, id);
    return rows?.some((row) => row.id === id) ?? false;
  }

  /** The first message that is not read yet and names this user. */
  async mention(): Promise<string | undefined> {
    const { chats, who } = this.#model.store.getState();
    return unreadMention(this.#pages, who?.user ?? "", chats.get(this.chat)?.unread ?? 0).catch(() => undefined);
  }

  /** Reads a message that is answered here, once. */
  async want(id: string): Promise<void> {
    if (this.store.getState().quotes.has(id) || this.#wanted.has(id)) return;
    this.#wanted.add(id);
    const found = await this.#model.api.call("message.get", { chat: this.chat, message: id }).catch(() => null);
    this.store.setState(({ quotes }) => ({ quotes: new Map(quotes).set(id, found) }));
  }

  async loadNewer(): Promise<void> {
    const { rows, newer } = this.store.getState();
    const last = rows.at(-1);
    if (last === undefined || newer === "loading" || newer === "end") return;
    await this.#page("newer", () => this.#model.api.call("message.list", { chat: this.chat, limit: PAGE, after: last.id }));
  }

  async loadOlder(): Promise<void> {
    const { rows, older } = this.store.getState();
    const first = rows[0];
    if (first === undefined) return void (older === "failed" && (await this.#read(FIRST_PAGE)));
    if (older === "loading" || older === "end") return;
    await this.#page("older", () => this.#model.api.call("message.list", { chat: this.chat, limit: PAGE, before: first.id }));
  }

  async #page(side: "older" | "newer", read: () => Promise<Message[]>): Promise<void> {
    const reading = this.#reading;
    this.store.setState({ [side]: "loading" });
    try {
      const page = await read();
      if (reading !== this.#reading) return;
      const join = side === "older" ? prepend : append;
      this.store.setState((held) => cut(join(held, page, PAGE), side === "older" ? "newer" : "older"));
    } catch {
      if (reading === this.#reading) this.store.setState({ [side]: "failed" });
    }
  }

  async #read(limit: number, around?: string, unread?: number): Promise<readonly Message[] | undefined> {
    const reading = ++this.#reading;
    this.store.setState({ older: "loading" });
    try {
      const rows = await this.#model.api.call("message.list", { chat: this.chat, limit, ...(around !== undefined && { around }) });
      if (reading !== this.#reading) return undefined;
      // Around a message nothing is known of either side until one looks.
      const ends = around === undefined ? { older: rows.length < limit ? "end" : "more", newer: "end" } as const : { older: "more", newer: "more" } as const;
      const me = this.#model.store.getState().who?.user ?? "";
      if (unread === undefined) {
        this.store.setState({ rows, ...ends, ready: true });
        return rows;
      }
      const unreadFrom = firstUnread(rows, me, unread);
      const far = unreadFrom === undefined && rows.length === MOST ? await readBack(this.#pages, rows, me, unread) : undefined;
      if (reading !== this.#reading) return undefined;
      // In one step with the rows: the list begins where the unread ones begin.
      this.store.setState({ rows, ...ends, ready: true, unread, unreadFrom, ...far });
      return rows;
    } catch {
      if (reading === this.#reading) this.store.setState({ older: "failed", ready: true });
      return undefined;
    }
  }

  /** What was missing before this chat was opened; events tell of the rest. */
  async #readGaps(): Promise<void> {
    const info = await this.#model.api.call("chat.info", { chat: this.chat }).catch(() => undefined);
    if (info === undefined) return;
    const gaps = new Map(info.missing.map(({ user, count, state }) => [user, { count, expired: state === "expired" }]));
    this.store.setState({ gaps });
  }

  #hear(events: readonly Event[]): void {
    if (events.some((event) => event.event === "events.lost")) void this.#read(FIRST_PAGE);
    const changed = new Map<string, Message>();
    const gone = new Set<string>();
    for (const event of events) {
      if ((event.event === "message.added" || event.event === "message.changed") && event.message.conv === this.chat) {
        changed.set(event.message.id, event.message);
        gone.delete(event.message.id);
      } else if (event.event === "message.removed" && event.chat === this.chat) {
        gone.add(event.id);
        changed.delete(event.id);
      } else if (event.event === "message.missing" && event.chat === this.chat) {
        const gaps = new Map(this.store.getState().gaps);
        if (event.count === 0) gaps.delete(event.user);
        else gaps.set(event.user, { count: event.count, expired: event.expired });
        this.store.setState({ gaps });
      }
    }
    if (changed.size > 0 || gone.size > 0) this.store.setState((now) => remove(put(now, [...changed.values()]), gone));
  }
}
