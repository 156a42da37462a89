// A text cut at the ends of its links, names and found words.
import type { Span } from "../../../../client-core/bindings/chatty.ts";

export type Mark = readonly [start: number, end: number];

export interface Piece {
  start: number;
  text: string;
  span?: Span;
  marked: boolean;
}

/** Only pages and mail are ever opened, whatever a range says. */
const OPENED = ["https:", "http:", "mailto:"];

function opens(target: string): boolean {
  return URL.canParse(target) && OPENED.includes(new URL(target).protocol);
}

export function pieces(text: string, spans: readonly Span[], marks: readonly Mark[]): Piece[] {
  const good = spans.filter((span) => span.start >= 0 && span.start < span.end && span.end <= text.length && (span.kind !== "link" || opens(span.target)));
  const cuts = [0, text.length, ...good.flatMap(({ start, end }) => [start, end]), ...marks.flat()].filter((cut) => cut >= 0 && cut <= text.length);
  const places = [...new Set(cuts)].sort((a, b) => a - b);
  return places.slice(0, -1).map((start, index) => {
    const end = places[index + 1] ?? text.length;
    const span = good.find((one) => one.start <= start && end <= one.end);
    const marked = marks.some((mark) => mark[0] <= start && end <= mark[1]);
    return { start, text: text.slice(start, end), marked, ...(span && { span }) };
  });
}

/** Ranges in characters, as a search answers them, in UTF-16 units. */
export function inUnits(text: string, marks: readonly Mark[]): Mark[] {
  const units: number[] = [0];
  for (const mark of text) units.push((units.at(-1) ?? 0) + mark.length);
  const at = (character: number): number => units[Math.min(character, units.length - 1)] ?? text.length;
  return marks.map(([start, end]) => [at(start), at(end)]);
}
