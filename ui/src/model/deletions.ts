// Own messages that a person deleted for everyone, in the moments in which that can be taken back.
// Nobody who asked for it waits for a page: when its tab goes the engine is told at once, and a
// record of ids makes another tab, or the next start, do what the engine did not hear of.
import { createStore, type StoreApi } from "zustand/vanilla";
import type { ApiError, Client } from "../../../client-core/bindings/chatty.ts";

export interface Deletion {
  chat: string;
  message: string;
}

/** What holds a name for as long as this page lives; others wait for it. */
export type Hold = (name: string, work: () => Promise<void>) => Promise<unknown>;
type Place = Pick<Storage, "getItem" | "setItem">;

const KEY = "chatty.deletions";
const lockOf = (message: string): string => `chatty.deletion.${message}`;

export class Deletions {
  /** Messages that show as deleted. */
  readonly store: StoreApi<{ leaving: ReadonlySet<string> }>;
  readonly #api: Client;
  readonly #place: Place;
  readonly #hold: Hold;
  /** Those of this page that can still be taken back, and what lets go of each. */
  readonly #open = new Map<string, { deletion: Deletion; done: () => void }>();

  constructor(api: Client, place: Place, hold: Hold) {
    this.#api = api;
    this.#place = place;
    this.#hold = hold;
    this.store = createStore(() => ({ leaving: new Set(this.#recorded().map(({ message }) => message)) }));
  }

  /** Shows it as deleted; `undo` or `carryOut` ends that. */
  begin(deletion: Deletion): void {
    this.#show(deletion.message, true);
    const over = new Promise<void>((done) => this.#open.set(deletion.message, { deletion, done }));
    // The record comes after the lock: no other tab may think that this one is gone.
    void this.#hold(lockOf(deletion.message), () => {
      if (this.#open.has(deletion.message)) this.#record(deletion);
      return over;
    });
  }

  undo(message: string): void {
    this.#forget(message);
    this.#show(message, false);
    this.#end(message);
  }

  /** Tells the engine. What it refuses is shown again, and is an error. */
  async carryOut(message: string): Promise<void> {
    const open = this.#open.get(message);
    if (open === undefined) return;
    try {
      await this.#do(open.deletion);
    } finally {
      this.#end(message);
    }
  }

  /** The page goes: nobody can take anything back any more. */
  leave(): void {
    for (const { deletion } of this.#open.values()) {
      this.#record(deletion);
      void this.#api.call("message.delete", deletion).catch(() => undefined);
    }
  }

  /** Does what pages that are gone left undone; also to be called when another page wrote its record. */
  async takeOver(): Promise<void> {
    const recorded = this.#recorded().filter(({ message }) => !this.#open.has(message));
    const ids = new Set(recorded.map(({ message }) => message));
    this.store.setState(({ leaving }) => ({ leaving: new Set([...leaving, ...ids]) }));
    await Promise.all(
      recorded.map((deletion) =>
        this.#hold(lockOf(deletion.message), async () => {
          if (this.#recorded().some(({ message }) => message === deletion.message)) return this.#do(deletion).catch(() => undefined);
          // Whoever held it did it, or somebody took it back.
          const row = await this.#api.call("message.get", deletion).catch(() => undefined);
          if (row?.deleted !== true) this.#show(deletion.message, false);
        }),
      ),
    );
  }

  async #do(deletion: Deletion): Promise<void> {
    try {
      await this.#tell(deletion);
    } catch (error) {
      // An engine that ends: the record is for the next one.
      if ((error as ApiError).code === "stopping") return;
      this.#forget(deletion.message);
      this.#show(deletion.message, false);
      throw error;
    }
    // It stays in the set: the row itself says so in a moment, and must not come back until then.
    this.#forget(deletion.message);
  }

  async #tell(deletion: Deletion): Promise<void> {
    const row = await this.#api.call("message.get", deletion);
    if (row.deleted) return;
    await this.#api.call("message.delete", deletion).catch((error: ApiError) => {
      if (error.code !== "handed_over") throw error;
      return this.#tell(deletion);
    });
  }

  #end(message: string): void {
    this.#open.get(message)?.done();
    this.#open.delete(message);
  }

  #show(message: string, leaves: boolean): void {
    this.store.setState(({ leaving }) => {
      const now = new Set(leaving);
      if (leaves) now.add(message);
      else now.delete(message);
      return { leaving: now };
    });
  }

  #recorded(): Deletion[] {
    try {
      const found: unknown = JSON.parse(this.#place.getItem(KEY) ?? "[]");
      const good = (one: unknown): one is Deletion => typeof one === "object" && one !== null && "chat" in one && "message" in one && typeof one.chat === "string" && typeof one.message === "string";
      return Array.isArray(found) ? found.filter(good) : [];
    } catch {
      return [];
    }
  }

  #record(deletion: Deletion): void {
    this.#write([...this.#recorded().filter(({ message }) => message !== deletion.message), { chat: deletion.chat, message: deletion.message }]);
  }

  #forget(gone: string): void {
    this.#write(this.#recorded().filter(({ message }) => message !== gone));
  }

  #write(records: readonly Deletion[]): void {
    try {
      this.#place.setItem(KEY, JSON.stringify(records));
    } catch {
      // No storage: what is open here is still told when the page goes.
    }
  }
}
