// What can be narrowed once messages are found: who wrote them, and since when.
import type { FoundMessage } from "../../../../client-core/bindings/chatty.ts";

export type Since = "week" | "month" | "year";
const DAYS: Record<Since, number> = { week: 7, month: 31, year: 366 };
export const SINCE = Object.keys(DAYS) as readonly Since[];

export interface Narrowing {
  /** Only in this chat. The engine looks there alone. */
  chat?: string | undefined;
  from?: string | undefined;
  since?: Since | undefined;
}

export function isSince(value: unknown): value is Since {
  return typeof value === "string" && Object.hasOwn(DAYS, value);
}

/** The rows of one person and of a time. */
export function narrowed(rows: readonly FoundMessage[], { from, since }: Narrowing, now: number): FoundMessage[] {
  const oldest = since === undefined ? 0 : now - DAYS[since] * 86_400_000;
  return rows.filter((row) => (from === undefined || row.from === from) && row.at_ms >= oldest);
}

/** What the rows hold of something, that with most rows first. */
export function among(rows: readonly FoundMessage[], of: (row: FoundMessage) => string, most = 30): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(of(row), (counts.get(of(row)) ?? 0) + 1);
  return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).slice(0, most).map(([id]) => id);
}
