// Changes the language while everything stays where it is.
import { choose, speak } from "../text/language.ts";

/** Speaks a language of the preferences; `system` = the browser's. */
export function useSpeak(): (wanted: string) => void {
  return (wanted) => void speak(choose(wanted === "system" ? navigator.languages : [wanted]));
}
