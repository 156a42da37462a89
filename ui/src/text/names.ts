// What stands for a person where there is no picture.
import { folded } from "./fold.ts";

const COLOURS = 8;
const marks = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const words = new Intl.Segmenter(undefined, { granularity: "word" });

/** 1 to 8: one of the name colours, the same for an id on every device. */
export function colourIndex(id: string): number {
  // FNV-1a: short, and near ids fall far apart.
  let hash = 0x811c9dc5;
  for (const unit of new TextEncoder().encode(id)) hash = Math.imul(hash ^ unit, 0x01000193);
  return ((hash >>> 0) % COLOURS) + 1;
}

/** The first letter of the first word and, where `count` is 2, of the last. */
export function initials(name: string, count: 1 | 2 = 1): string {
  const found = [...words.segment(name)].filter((word) => word.isWordLike).map((word) => first(word.segment));
  if (found.length === 0) return first(name.trim()) || "?";
  const chosen = count === 2 && found.length > 2 ? [found[0], found.at(-1)] : found.slice(0, 1);
  return chosen.join("").toLocaleUpperCase();
}

function first(text: string): string {
  for (const mark of marks.segment(text)) return mark.segment;
  return "";
}

/** How a person is called: name, else handle, else the start of the id. */
export function nameOf(person: { user: string; name?: string | undefined; handle?: string | undefined }): string {
  if (person.name !== undefined && person.name !== "") return person.name;
  return person.handle === undefined ? person.user.slice(0, 8) : `@${person.handle}`;
}

/** What stands before a preview: the first word of a name, where it has several. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/, 1)[0] || name;
}

/** Whether what somebody types leads to this person: letters of a name or a handle, whatever their case and accents. */
export function isCalled(person: { name?: string | undefined; handle?: string | undefined }, typed: string): boolean {
  return folded(`${person.name ?? ""} ${person.handle ?? ""}`).includes(folded(typed.trim().replace(/^@/, "")));
}
