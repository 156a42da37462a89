// Tells the others that one types: while keys are pressed, and that one stopped.
import { useEffect, useRef } from "react";
import { usePreference } from "../../model/preferences.ts";
import { useApi } from "../../model/use.ts";

/** The engine passes it on at most every three seconds; a pause this long ends it. */
const PAUSE_MS = 5_000;

export function useTyping(chat: string): (typing: boolean) => void {
  const api = useApi();
  const allowed = usePreference("tellTyping");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const on = useRef(false);
  function tell(typing: boolean): void {
    if (!allowed && !on.current) return;
    clearTimeout(timer.current);
    if (typing) timer.current = setTimeout(() => tell(false), PAUSE_MS);
    if (!typing && !on.current) return;
    on.current = typing;
    // Lost when there is no connection, and nobody misses it.
    api.call("chat.typing", { chat, typing }).catch(() => undefined);
  }
  useEffect(() => () => {
    clearTimeout(timer.current);
    if (on.current) api.call("chat.typing", { chat, typing: false }).catch(() => undefined);
    on.current = false;
  }, [api, chat]);
  return tell;
}
