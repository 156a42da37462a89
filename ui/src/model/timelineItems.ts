// What stands in a timeline, one after the other: days, the unread line and messages in groups.
import type { Message } from "../../../client-core/bindings/chatty.ts";

export interface MessageItem {
  kind: "message";
  key: string;
  message: Message;
  mine: boolean;
  /** First and last of its group: the name stands over the one, the time under the other. */
  first: boolean;
  last: boolean;
  /** Own newest message: its state is told in a word. */
  word: boolean;
}

export type Item =
  | MessageItem
  | { kind: "day"; key: string; at: number }
  | { kind: "unread"; key: "unread"; count: number; under: boolean }
  | { kind: "typing"; key: "typing"; users: readonly string[] };

export interface View {
  me: string;
  /** Whether nothing lies before the first row: then its day is known to start there. */
  fromStart: boolean;
  /** Id of the first unread message when the chat was opened. */
  unreadFrom?: string | undefined;
  /** How many there were then. */
  unread?: number;
  typing: readonly string[];
}

const GROUP_GAP_MS = 5 * 60_000;
const GROUP_MOST = 20;

/** The calendar day of a time, where this device is. */
export function dayOf(ms: number): string {
  const date = new Date(ms);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** What one would say about the sender: a change of it never hides inside a group. */
function trust(row: Message): string {
  return `${row.reason === "cloned"}|${row.older_membership ?? ""}`;
}

/** Whether `row` goes on with the group of `before`. */
export function joins(before: Message, row: Message): boolean {
  return (
    before.from === row.from &&
    dayOf(before.at_ms) === dayOf(row.at_ms) &&
    Math.abs(row.at_ms - before.at_ms) < GROUP_GAP_MS &&
    trust(before) === trust(row)
  );
}

/** A deleted one has no state to tell, and a failed one tells it always. */
function newestOwn(rows: readonly Message[], me: string): string | undefined {
  return rows.findLast((row) => row.from === me && !row.deleted && row.state !== "failed")?.id;
}

export function items(rows: readonly Message[], view: View): Item[] {
  const all: Item[] = [];
  const word = newestOwn(rows, view.me);
  let group = 0;
  let before: { row: Message; item: MessageItem } | undefined;
  for (const row of rows) {
    if (row.state === "waitingCut") continue;
    const newDay = before === undefined ? view.fromStart : dayOf(before.row.at_ms) !== dayOf(row.at_ms);
    // The key names the message, not the day: two devices' clocks can make a day come twice.
    if (newDay) all.push({ kind: "day", key: `day-${row.id}`, at: row.at_ms });
    const unread = row.id === view.unreadFrom;
    if (unread) all.push({ kind: "unread", key: "unread", count: view.unread ?? 0, under: newDay });
    const goesOn = before !== undefined && !newDay && !unread && group < GROUP_MOST && joins(before.row, row);
    group = goesOn ? group + 1 : 1;
    if (goesOn && before !== undefined) before.item.last = false;
    const item: MessageItem = { kind: "message", key: row.id, message: row, mine: row.from === view.me, first: !goesOn, last: true, word: row.id === word };
    all.push(item);
    before = { row, item };
  }
  if (view.typing.length > 0) all.push({ kind: "typing", key: "typing", users: view.typing });
  return all;
}
