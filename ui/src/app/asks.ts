// What keys and the palette ask of the chat that is open: it answers while it is on the screen.
import { useEffect, useEffectEvent } from "react";

export type Ask = "find" | "newest" | "emoji";
const answers = new Map<Ask, () => void>();

export const ask = (what: Ask): void => answers.get(what)?.();

/** `answer` is what happens when somebody asks for it. */
export function useAnswer(what: Ask, answer: () => void): void {
  const now = useEffectEvent(answer);
  useEffect(() => {
    const own = (): void => now();
    answers.set(what, own);
    return () => {
      if (answers.get(what) === own) answers.delete(what);
    };
  }, [what]);
}
