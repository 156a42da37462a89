// How wide the list may be, and where a key or a pointer takes its edge.

/** Px at 100 % text. */
export const NARROWEST = 260;
export const WIDEST = 420;
export const USUAL = 320;
const STEP = 10;

export const within = (width: number): number => Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));

/** The width after a key, or `undefined` where the key is not about that. The edge goes where the arrow points. */
export function widthAfter(key: string, width: number, rtl: boolean): number | undefined {
  const [wider, narrower] = rtl ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
  if (key === wider) return within(width + STEP);
  if (key === narrower) return within(width - STEP);
  if (key === "Home") return NARROWEST;
  if (key === "End") return WIDEST;
  // Enter is the way back, as a double click.
  return key === "Enter" ? USUAL : undefined;
}

/** The width of a list whose edge the pointer holds at `x`; `root` is the size of 1rem. */
export function widthAt(x: number, list: { left: number; right: number }, rtl: boolean, root: number): number {
  return within(((rtl ? list.right - x : x - list.left) * 16) / root);
}
