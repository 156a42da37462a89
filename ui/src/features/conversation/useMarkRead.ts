// A message is read when its chat has the focus, and it stood on the screen for 400 ms.
import { useEffect, useEffectEvent, useRef, type RefObject } from "react";
import type { Chat } from "../../../../client-core/bindings/chatty.ts";
import type { Item } from "../../model/timelineItems.ts";
import { useApi } from "../../model/use.ts";
import type { ListHandle } from "./VirtualList.tsx";

const LOOKED_AT_MS = 400;

/** Messages of others after a row: what the jump button counts. */
export function countAfter(items: readonly Item[], index: number, me: string): number {
  return items.slice(index + 1).filter((item) => item.kind === "message" && item.message.from !== me).length;
}

/** Answers what is to be called whenever other rows come into sight. */
export function useMarkRead(chat: Chat, me: string, items: readonly Item[], list: RefObject<ListHandle | null>): () => void {
  const api = useApi();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const told = useRef<string | undefined>(undefined);

  /** The newest message on the screen that others wrote. */
  function newestSeen(): string | undefined {
    const [, last] = list.current?.visible() ?? [0, -1];
    for (let index = Math.min(last, items.length - 1); index >= 0; index--) {
      const item = items[index];
      if (item?.kind === "message" && item.message.from !== me && item.message.seq !== null) return item.key;
    }
    return undefined;
  }
  const tell = useEffectEvent(() => {
    timer.current = undefined;
    if (document.visibilityState !== "visible" || !document.hasFocus() || chat.unread === 0) return;
    const seen = newestSeen();
    if (seen === undefined || seen === told.current) return;
    told.current = seen;
    // Not told: the next look tries again.
    api.call("chat.read", { chat: chat.id, up_to: seen }).catch(() => (told.current = undefined));
  });
  function look(): void {
    timer.current ??= setTimeout(() => tell(), LOOKED_AT_MS);
  }
  const again = useEffectEvent(look);
  useEffect(() => again(), [chat.unread, items.length]);
  useEffect(() => {
    const listener = (): void => again();
    window.addEventListener("focus", listener);
    document.addEventListener("visibilitychange", listener);
    return () => {
      window.removeEventListener("focus", listener);
      document.removeEventListener("visibilitychange", listener);
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, []);
  return look;
}
