// What the list can be divided into. Chips, rows, addresses and keys all go by this one table, so that a
// folder which a person makes (the engine keeps none yet) becomes one more row of it and nothing else.
import type { Chat } from "../../../../client-core/bindings/chatty.ts";

export interface Folder {
  /** As in the address; `all` stands for none. */
  id: string;
  /** Whether a chat lies in it that is no request; `open` is the chat that is read now. */
  has: (chat: Chat, open: string | undefined) => boolean;
  /** Shown although nothing lies in it. */
  always: boolean;
  /** Its chip says how many unread messages lie in it. */
  counts: boolean;
}

export const FOLDERS = [
  { id: "all", has: (chat) => !chat.archived, always: true, counts: false },
  // A chat that is open stays, although it was read just now.
  { id: "unread", has: (chat, open) => !chat.archived && (chat.unread > 0 || chat.id === open), always: true, counts: true },
  { id: "groups", has: (chat) => !chat.archived && chat.kind === "group", always: true, counts: false },
  // Most people never archive.
  { id: "archived", has: (chat) => chat.archived, always: false, counts: false },
] as const satisfies readonly Folder[];

export type FolderId = (typeof FOLDERS)[number]["id"];
/** Requests are no chats yet: they have a place of their own beside the folders. */
export type Filter = FolderId | "requests";

export const isFilter = (value: unknown): value is Filter => value === "requests" || FOLDERS.some((one) => one.id === value);

export const folder = (id: Filter): Folder | undefined => FOLDERS.find((one) => one.id === id);
