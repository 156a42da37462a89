// The name that is being typed after an @, and putting a chosen one in its place.
import type { Member } from "../../../../client-core/bindings/chatty.ts";

const MOST = 6;
const TYPED = /(?:^|[\s(])@([\p{L}\p{M}\p{N}_.-]{0,32})$/u;

/** What stands between the @ and the caret; `undefined` where none is being typed. */
export function typedName(text: string, caret: number): string | undefined {
  return TYPED.exec(text.slice(0, caret))?.[1];
}

const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Members whose handle or a word of whose name begins so, but never oneself. */
export function matching(members: readonly Member[], typed: string, me: string): Member[] {
  const wanted = plain(typed);
  const fits = ({ handle = "", name = "" }: Member): boolean => [handle, ...name.split(/\s+/)].some((word) => plain(word).startsWith(wanted));
  return members.filter((member) => member.user !== me && member.handle !== undefined && fits(member)).slice(0, MOST);
}

/** The text with the handle in place of what was typed, and where the caret then stands. */
export function choose(text: string, caret: number, handle: string): { text: string; caret: number } {
  const start = caret - (typedName(text, caret)?.length ?? 0);
  const after = text.slice(caret);
  const put = `${handle}${after.startsWith(" ") ? "" : " "}`;
  return { text: text.slice(0, start) + put + after, caret: start + put.length };
}
