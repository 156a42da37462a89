// Unread messages that lie farther back than the newest page.
import type { Message } from "../../../client-core/bindings/chatty.ts";
import { countUnread, firstUnread, HELD, type Rows } from "./timelineRows.ts";

/** The largest page that the engine gives. */
export const MOST = 500;
/** So many pages are read back; a chat that was left alone for longer begins at its end. */
const PAGES = 40;

/** A page of the chat: the newest, or the one before or after a message. */
export type Pages = (place: { before?: string; after?: string }) => Promise<readonly Message[]>;

/** A window that holds the first unread message, and which that is. */
export interface Far extends Rows {
  unreadFrom: string;
}

/** Goes on from the newest page, which holds only some of the `unread` ones. */
export async function readBack(pages: Pages, newest: readonly Message[], me: string, unread: number): Promise<Far | undefined> {
  let after = newest;
  let left = unread - countUnread(newest, me);
  for (let turn = 0; turn < PAGES && left > 0; turn++) {
    const first = after[0];
    const page = first === undefined ? [] : await pages({ before: first.id });
    const unreadFrom = firstUnread(page, me, left);
    if (unreadFrom !== undefined) {
      const rows = [...page, ...after];
      const whole = after === newest && rows.length <= HELD;
      return { rows: rows.slice(0, HELD), older: page.length < MOST ? "end" : "more", newer: whole ? "end" : "more", unreadFrom };
    }
    if (page.length < MOST) return undefined;
    left -= countUnread(page, me);
    after = page;
  }
  return undefined;
}

/** The first message that is not read yet and names this user. */
export async function unreadMention(pages: Pages, me: string, unread: number): Promise<string | undefined> {
  let rows = await pages({});
  let from = firstUnread(rows, me, unread);
  if (from === undefined) {
    const far = await readBack(pages, rows, me, unread);
    if (far === undefined) return undefined;
    ({ rows, unreadFrom: from } = far);
  }
  const begin = rows.findIndex((row) => row.id === from);
  for (let page = rows.slice(begin); page.length > 0; page = [...(await pages({ after: page.at(-1)?.id ?? "" }))]) {
    const found = page.find((row) => row.from !== me && !row.deleted && row.mentions?.includes(me) === true);
    if (found !== undefined) return found.id;
  }
  return undefined;
}
