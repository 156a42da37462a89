// Where typed letters stand in a title: case and accents do not count.
import { folded } from "../text/fold.ts";

/** The title in three parts, the middle one is the match; `undefined` where there is none. */
export function partsOf(title: string, wanted: string, locale: string): readonly [string, string, string] | undefined {
  if (wanted === "") return undefined;
  // Folding may change how long a character is: each unit of the folded text remembers whose it is.
  const marks = [...title];
  const owner = marks.flatMap((mark, at) => Array.from({ length: folded(mark, locale).length }, () => at));
  const start = marks.map((mark) => folded(mark, locale)).join("").indexOf(wanted);
  const [first, last] = [owner[start], owner[start + wanted.length - 1]];
  if (start < 0 || first === undefined || last === undefined) return undefined;
  return [marks.slice(0, first).join(""), marks.slice(first, last + 1).join(""), marks.slice(last + 1).join("")];
}
