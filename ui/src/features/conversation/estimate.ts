// How high a row will be, before it is drawn: the nearer, the less moves when it is.
import type { Item } from "../../model/timelineItems.ts";
import { hasFoot } from "./Foot.tsx";

const RULE = 56;
const BUBBLE = 18;
const LINE = 22;
const FOOT = 22;
const GROUP = 10;
const QUOTE = 52;
/** Characters of a line, as wide as a bubble gets. */
const CHARACTERS = 66;
const MOST_LINES = 46;

export function estimate(item: Item | undefined): number {
  if (item?.kind !== "message") return RULE;
  const { message, first } = item;
  const lines = message.text === null ? 2 : Math.min(MOST_LINES, Math.ceil(Math.max(message.text.length, 1) / CHARACTERS));
  return BUBBLE + lines * LINE + (hasFoot(item) ? FOOT : 0) + (first ? GROUP : 0) + (message.reply_to === undefined ? 0 : QUOTE);
}
