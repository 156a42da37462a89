// F6 goes from pane to pane: rail, list, what was chosen, its details.

/** Set on what F6 stops at. */
export const PANE = "data-pane";

const FOCUSABLE = 'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), [tabindex="0"]';
const remembered = new WeakMap<Element, HTMLElement>();

function visible(element: HTMLElement): boolean {
  return element.checkVisibility();
}

/** Focuses the next pane: what had the focus in it before, else its field, else its first control. */
export function focusPane(by: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>(`[${PANE}]`)].filter(visible);
  if (panes.length === 0) return;
  const now = document.activeElement;
  const at = panes.findLastIndex((pane) => pane.contains(now));
  if (at !== -1 && now instanceof HTMLElement) remembered.set(panes[at] as Element, now);
  const next = panes[(at + by + panes.length) % panes.length];
  if (next === undefined) return;
  const before = remembered.get(next);
  const first = [...next.querySelectorAll<HTMLElement>("textarea"), ...next.querySelectorAll<HTMLElement>(FOCUSABLE)].find(visible);
  (before !== undefined && before.isConnected && visible(before) ? before : first)?.focus();
}
