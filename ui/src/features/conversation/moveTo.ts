// Moving between messages with the keyboard.
import type { Item } from "../../model/timelineItems.ts";
import type { ListHandle } from "./VirtualList.tsx";

const PAGE = 10;

/** The message that a key leads to from another one; `undefined` where the key is not about that. */
export function target(key: string, from: string, items: readonly Item[]): string | undefined {
  const ids = items.flatMap((item) => (item.kind === "message" ? [item.key] : []));
  const at = ids.indexOf(from);
  if (at < 0) return undefined;
  const steps: Record<string, number> = { ArrowUp: at - 1, ArrowDown: at + 1, PageUp: at - PAGE, PageDown: at + PAGE, Home: 0, End: ids.length - 1 };
  const wanted = steps[key];
  return wanted === undefined ? undefined : ids[Math.min(Math.max(wanted, 0), ids.length - 1)];
}

/** Moves the focus, also to a row that is not drawn yet. Says whether the key was about that. */
export function moveTo(key: string, from: string, items: readonly Item[], list: ListHandle): boolean {
  const id = target(key, from, items);
  if (id === undefined) return false;
  focusRow(id, list);
  return true;
}

/** Brings a row to the screen and focuses it once it is drawn. */
export function focusRow(id: string, list: ListHandle, tries = 20): void {
  const row = list.scroller?.querySelector<HTMLElement>(`article[data-id="${CSS.escape(id)}"]`);
  if (row) row.focus({ preventScroll: true });
  list.show(id);
  if (!row && tries > 0) requestAnimationFrame(() => focusRow(id, list, tries - 1));
}
