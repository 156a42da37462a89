// The rows of one chat that are held: a window over its history, in the engine's order. All pure.
import type { Message } from "../../../client-core/bindings/chatty.ts";

/** What lies beyond an end of the window. */
export type Edge = "more" | "loading" | "failed" | "end";

export interface Rows {
  /** Oldest first, without holes. */
  readonly rows: readonly Message[];
  readonly older: Edge;
  readonly newer: Edge;
}

/** More rows than this are never held: a list of any length then costs the same. */
export const HELD = 1_000;

export const NOTHING: Rows = { rows: [], older: "more", newer: "end" };

/** What waits in the outbox has no number yet and stands after everything that has. */
const place = (row: Message): number => row.seq ?? Number.POSITIVE_INFINITY;

function sorted(rows: Message[]): Message[] {
  const ordered = rows.every((row, index) => index === 0 || place(rows[index - 1] as Message) <= place(row));
  // The order of equals stays, so the outbox keeps the order of writing. Infinity minus itself is no number.
  return ordered ? rows : rows.sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
}

/** Whether a row that is not held belongs between the ends. */
function belongs(held: Rows, row: Message): boolean {
  const [first, last] = [held.rows[0], held.rows.at(-1)];
  if (first === undefined || last === undefined) return held.newer === "end";
  if (place(row) >= place(last)) return held.newer === "end";
  return place(row) > place(first) || held.older === "end";
}

/** Takes new and changed rows; what lies outside of the window is left to a later page. */
export function put(held: Rows, changed: readonly Message[]): Rows {
  let rows: Message[] | undefined;
  const at = new Map(held.rows.map((row, index) => [row.id, index]));
  for (const row of changed) {
    const index = at.get(row.id);
    if (index === undefined && !belongs(held, row)) continue;
    rows ??= [...held.rows];
    if (index === undefined) at.set(row.id, rows.push(row) - 1);
    else rows[index] = row;
  }
  return rows === undefined ? held : { ...held, rows: sorted(rows) };
}

export function remove(held: Rows, ids: ReadonlySet<string>): Rows {
  const rows = held.rows.filter((row) => !ids.has(row.id));
  return rows.length === held.rows.length ? held : { ...held, rows };
}

/** Joins a page that was read before the first row. */
export function prepend(held: Rows, page: readonly Message[], wanted: number): Rows {
  const known = new Set(held.rows.map((row) => row.id));
  const rows = [...page.filter((row) => !known.has(row.id)), ...held.rows];
  return { ...held, rows, older: page.length < wanted ? "end" : "more" };
}

/** Joins a page that was read after the last row. */
export function append(held: Rows, page: readonly Message[], wanted: number): Rows {
  const known = new Set(held.rows.map((row) => row.id));
  const rows = [...held.rows, ...page.filter((row) => !known.has(row.id))];
  return { ...held, rows, newer: page.length < wanted ? "end" : "more" };
}

/** Lets go of what is too much, on the side that is not looked at. */
export function cut(held: Rows, side: "older" | "newer"): Rows {
  if (held.rows.length <= HELD) return held;
  return side === "older"
    ? { ...held, rows: held.rows.slice(-HELD), older: "more" }
    : { ...held, rows: held.rows.slice(0, HELD), newer: "more" };
}

/** Whether others can still read it: only such rows count as unread. */
const WITHHELD_FOR_GOOD: readonly string[] = ["beforeLink", "beforeJoin", "keyLost", "needsUpdate", "logMismatch", "waitingCut"];

const counts = (row: Message, me: string): boolean => row.from !== me && !row.deleted && !WITHHELD_FOR_GOOD.includes(row.state);

/** How many of these could be unread. */
export function countUnread(rows: readonly Message[], me: string): number {
  return rows.reduce((sum, row) => sum + (counts(row, me) ? 1 : 0), 0);
}

/** The first of the newest `unread` messages of others; none when it is not held. */
export function firstUnread(rows: readonly Message[], me: string, unread: number): string | undefined {
  let left = unread;
  for (let index = rows.length - 1; index >= 0 && left > 0; index--) {
    const row = rows[index] as Message;
    if (counts(row, me) && --left === 0) return row.id;
  }
  return undefined;
}
