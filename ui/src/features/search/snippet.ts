// The part of a text around its first hit, short enough for two lines.
import type { Mark } from "../conversation/pieces.ts";

const BEFORE = 40;
const LONGEST = 160;

export interface Snippet {
  text: string;
  marks: readonly Mark[];
}

/** `marks` in UTF-16 units; the answer's are of its own text. */
export function snippet(text: string, marks: readonly Mark[]): Snippet {
  const first = marks[0]?.[0] ?? 0;
  const from = first <= BEFORE ? 0 : cutAt(text, first - BEFORE);
  const to = cutAt(text, Math.min(text.length, from + LONGEST));
  const [head, tail] = [from > 0 ? "…" : "", to < text.length ? "…" : ""];
  const moved = marks.filter(([start, end]) => start >= from && end <= to).map(([start, end]): Mark => [start - from + head.length, end - from + head.length]);
  return { text: `${head}${text.slice(from, to).replaceAll("\n", " ")}${tail}`, marks: moved };
}

/** Never between the two halves of one character. */
function cutAt(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff ? index + 1 : index;
}
