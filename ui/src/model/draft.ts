// What is being written in one chat: a new message, an answer, or a change of an own message.
// Nothing here forgets a text before the engine has taken it.
import { createStore, type StoreApi } from "zustand/vanilla";
import type { ApiError, Client, Message } from "../../../client-core/bindings/chatty.ts";

export interface Writing {
  text: string;
  replyTo?: Message | undefined;
  editing?: Message | undefined;
  error?: ApiError | undefined;
}

export class Draft {
  readonly chat: string;
  readonly store: StoreApi<Writing> = createStore<Writing>(() => ({ text: "" }));
  readonly #api: Client;
  /** The new message that waits while an old one is changed. */
  #parked: Pick<Writing, "text" | "replyTo"> | undefined;
  /** People who were chosen from the list, by what stands in the text for them. */
  readonly #named = new Map<string, string>();

  #unkept = false;
  #keeping: Promise<void> | undefined;
  #sending: Promise<unknown> = Promise.resolve();

  constructor(api: Client, chat: string) {
    this.#api = api;
    this.chat = chat;
  }

  /** Takes up what was being written when this chat was open last. */
  async load(): Promise<void> {
    const found = await this.#api.call("draft.get", { chat: this.chat }).catch(() => undefined);
    const now = this.store.getState();
    // What is typed already is newer.
    if (found === undefined || found.at_ms === 0 || now.text !== "" || now.replyTo !== undefined || now.editing !== undefined) return;
    const read = (id: string | undefined) => (id === undefined ? undefined : this.#api.call("message.get", { chat: this.chat, message: id }).catch(() => undefined));
    const [replyTo, editing] = await Promise.all([read(found.reply_to), read(found.editing)]);
    this.#parked = undefined;
    if (this.store.getState().text === "") this.store.setState({ text: found.text, replyTo, editing });
  }

  /** Has the engine keep what is written: one call at a time, always the newest text. */
  #keep(): void {
    this.#unkept = true;
    this.#keeping ??= this.#write().finally(() => (this.#keeping = undefined));
  }

  async #write(): Promise<void> {
    while (this.#unkept) {
      // While a text is being sent its draft stays, in case it cannot be.
      await this.#sending;
      this.#unkept = false;
      const { text, replyTo, editing } = this.store.getState();
      const about = { ...(replyTo && { reply_to: replyTo.id }), ...(editing && { editing: editing.id }) };
      await this.#api.call("draft.set", { chat: this.chat, text, ...about, ...this.#mentions(text) }).catch(() => undefined);
    }
  }

  setText(text: string): void {
    this.store.setState({ text, error: undefined });
    this.#keep();
  }

  reply(message: Message): void {
    this.cancelEdit();
    this.store.setState({ replyTo: message });
    this.#keep();
  }

  edit(message: Message): void {
    const { text, replyTo, editing } = this.store.getState();
    if (editing === undefined) this.#parked = { text, replyTo };
    this.store.setState({ text: message.text ?? "", replyTo: undefined, editing: message, error: undefined });
    this.#keep();
  }

  cancelEdit(): void {
    const { editing } = this.store.getState();
    if (editing === undefined) return;
    const parked = this.#parked;
    this.#parked = undefined;
    this.store.setState({ text: "", replyTo: undefined, ...parked, editing: undefined, error: undefined });
    // The engine has both; without the change it gives the new message, also one of an earlier time.
    const removed = this.#api.call("draft.set", { chat: this.chat, text: "", editing: editing.id }).catch(() => undefined);
    if (parked === undefined) void removed.then(() => this.load());
  }

  /** Takes back the change or the answer; what is typed stays. Says whether there was one. */
  cancel(): boolean {
    const { editing, replyTo } = this.store.getState();
    if (editing !== undefined) this.cancelEdit();
    else if (replyTo !== undefined) {
      this.store.setState({ replyTo: undefined });
      this.#keep();
    }
    return editing !== undefined || replyTo !== undefined;
  }

  /** Remembers whom a name in the text means. */
  name(written: string, user: string): void {
    this.#named.set(written, user);
  }

  #mentions(text: string): { mentions?: string[] } {
    const mentions = [...new Set([...this.#named].filter(([written]) => text.includes(written)).map(([, user]) => user))];
    return mentions.length === 0 ? {} : { mentions };
  }

  /** Sends what is written; what the engine refuses stands in the field again. */
  async send(): Promise<boolean> {
    const before = this.store.getState();
    const { replyTo, editing } = before;
    const text = before.text.trim();
    if (text === "") return false;
    if (editing?.text === text) {
      this.cancelEdit();
      return false;
    }
    const parked = this.#parked ?? { text: "" };
    this.store.setState(editing === undefined ? { text: "", replyTo: undefined, error: undefined } : { replyTo: undefined, ...parked, editing: undefined, error: undefined });
    const sending = this.#call(text, replyTo, editing);
    this.#sending = sending.catch(() => undefined);
    try {
      await sending;
      this.#parked = undefined;
      return true;
    } catch (error) {
      this.#giveBack({ ...before, error: error as ApiError });
      return false;
    }
  }

  #call(text: string, replyTo: Message | undefined, editing: Message | undefined): Promise<unknown> {
    const mentions = this.#mentions(text);
    if (editing !== undefined) return this.#api.call("message.edit", { chat: this.chat, message: editing.id, text, ...mentions });
    return this.#api.call("message.send", { chat: this.chat, text, ...(replyTo && { reply_to: replyTo.id }), ...mentions });
  }

  /** Puts back what could not be sent; what was typed meanwhile stays, below. */
  #giveBack(before: Writing): void {
    const { text: now } = this.store.getState();
    const text = before.editing !== undefined || now === "" ? before.text : `${before.text}\n${now}`;
    if (before.editing !== undefined) this.#parked = { text: now };
    this.store.setState({ ...before, text });
    this.#keep();
  }
}
