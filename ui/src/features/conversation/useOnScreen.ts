// Tells the engine which chat is on the screen: only that one gets typing.
import { useEffect } from "react";
import { useApi } from "../../model/use.ts";

export function useOnScreen(chat: string): void {
  const api = useApi();
  useEffect(() => {
    const tell = (): void => {
      api.call("chat.open", { chats: document.visibilityState === "visible" ? [chat] : [] }).catch(() => undefined);
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => {
      document.removeEventListener("visibilitychange", tell);
      api.call("chat.open", { chats: [] }).catch(() => undefined);
    };
  }, [api, chat]);
}
