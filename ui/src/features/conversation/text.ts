// What a text is, apart from its letters.

/** One picture: an emoji with what belongs to it (skin, joined parts), a flag or a keycap. */
const PICTURE = String.raw`(?:\p{Regional_Indicator}{2}|[#*0-9]\uFE0F?\u20E3|\p{Emoji_Presentation}\p{Emoji_Modifier}?|\p{Emoji}\uFE0F|\p{Emoji_Modifier_Base}\p{Emoji_Modifier})`;
const JOINED = String.raw`${PICTURE}(?:[\u{E0020}-\u{E007F}]|\u200D(?:${PICTURE}|\p{Emoji}))*`;
const ONLY_PICTURES = new RegExp(`^(?:${JOINED}\\s*){1,3}$`, "u");

/** Up to three emoji and nothing else: they stand large, without a bubble. */
export function isEmojiOnly(text: string): boolean {
  return text.length <= 100 && ONLY_PICTURES.test(text.trim());
}

const FOLDED_CHARACTERS = 3_000;
const FOLDED_LINES = 40;

/** Where a very long text is cut until one asks for all of it; `undefined` = it is shown whole. */
export function fold(text: string): number | undefined {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < FOLDED_CHARACTERS; at = text.indexOf("\n", at + 1)) {
    if (++lines === FOLDED_LINES) return at;
  }
  if (text.length <= FOLDED_CHARACTERS * 1.2) return undefined;
  // Never inside of what is one character to people.
  const around = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text.slice(0, FOLDED_CHARACTERS + 100)).containing(FOLDED_CHARACTERS);
  return around === undefined || around.index === 0 ? FOLDED_CHARACTERS : around.index;
}
