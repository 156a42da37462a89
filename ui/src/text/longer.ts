// The pseudo language is 40 % longer than English, as many languages are: what does not fit shows itself.

/** A compiled text: words as they are, places and plurals in arrays. */
type Compiled = string | readonly unknown[];

function letters(part: unknown): number {
  if (typeof part === "string") return part.length;
  if (Array.isArray(part)) return part.reduce((sum: number, one) => sum + letters(one), 0);
  // Of plural forms only one is shown.
  return typeof part === "object" && part !== null ? Math.max(0, ...Object.values(part).map(letters)) : 0;
}

export function longer(messages: Readonly<Record<string, Compiled>>): Record<string, Compiled> {
  const grow = (text: Compiled): Compiled => [...(typeof text === "string" ? [text] : text), ` ${"ōń ".repeat(Math.ceil((letters(text) * 0.4) / 3)).trim()}`];
  return Object.fromEntries(Object.entries(messages).map(([id, text]) => [id, grow(text)]));
}
