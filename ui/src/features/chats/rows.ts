// Which rows the list shows, in which order.
import type { Chat, ChatRequest } from "../../../../client-core/bindings/chatty.ts";
export type { Chat };
import { folder, type Filter } from "./folders.ts";

/** Pinned first, then the newest. */
export function sorted(chats: Iterable<Chat>): Chat[] {
  return [...chats].sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.last_at_ms - a.last_at_ms || (a.id < b.id ? -1 : 1));
}

/** What lies in a folder, in the order of the list. */
export function chosen(chats: Iterable<Chat>, filter: Filter, open?: string): Chat[] {
  const lies = folder(filter)?.has;
  return lies === undefined ? [] : sorted(chats).filter((chat) => chat.state !== "request" && lies(chat, open));
}

export function sortedRequests(requests: Iterable<ChatRequest>): ChatRequest[] {
  return [...requests].sort((a, b) => b.at_ms - a.at_ms);
}

export function isMuted(chat: Pick<Chat, "muted_until_ms">, now: number): boolean {
  return (chat.muted_until_ms ?? 0) > now;
}

/** Unread messages of all chats that may draw attention. */
export function unreadOf(chats: Iterable<Chat>, now: number): number {
  let sum = 0;
  // A request draws no attention: it has its own place and count.
  for (const chat of chats) if (chat.state !== "request" && !chat.archived && !isMuted(chat, now)) sum += chat.unread;
  return sum;
}
