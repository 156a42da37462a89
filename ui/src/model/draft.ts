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
  #parked: Pick<Writing, "text" | "replyTo"> = { text: "" };
  /** People who were chosen from the list, by what stands in the text for them. */
  readonly #named = new Map<string, string>();

  constructor(api: Client, chat: string) {
    this.#api = api;
    this.chat = chat;
  }

  setText(text: string): void {
    this.store.setState({ text, error: undefined });
  }

  reply(message: Message): void {
    this.cancelEdit();
    this.store.setState({ replyTo: message });
  }

  edit(message: Message): void {
    const { text, replyTo, editing } = this.store.getState();
    if (editing === undefined) this.#parked = { text, replyTo };
    this.store.setState({ text: message.text ?? "", replyTo: undefined, editing: message, error: undefined });
  }

  cancelEdit(): void {
    if (this.store.getState().editing === undefined) return;
    this.store.setState({ ...this.#parked, editing: undefined, error: undefined });
    this.#parked = { text: "" };
  }

  /** Takes back the change or the answer; what is typed stays. Says whether there was one. */
  cancel(): boolean {
    const { editing, replyTo } = this.store.getState();
    if (editing !== undefined) this.cancelEdit();
    else this.store.setState({ replyTo: undefined });
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
    const { text: typed, replyTo, editing } = this.store.getState();
    const text = typed.trim();
    if (text === "") return false;
    if (editing?.text === text) return this.cancel() && false;
    if (editing !== undefined) this.cancelEdit();
    else this.store.setState({ text: "", replyTo: undefined, error: undefined });
    try {
      if (editing !== undefined) await this.#api.call("message.edit", { chat: this.chat, message: editing.id, text, ...this.#mentions(text) });
      else await this.#api.call("message.send", { chat: this.chat, text, ...(replyTo && { reply_to: replyTo.id }), ...this.#mentions(text) });
      return true;
    } catch (error) {
      if (editing !== undefined) {
        this.edit(editing);
        this.store.setState({ text: typed, error: error as ApiError });
      } else {
        // What was typed meanwhile stays, below.
        const { text: now } = this.store.getState();
        this.store.setState({ text: now === "" ? typed : `${typed}\n${now}`, replyTo, error: error as ApiError });
      }
      return false;
    }
  }
}
