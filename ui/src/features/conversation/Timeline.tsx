// The messages of a chat: what stands where, and what moves when.
import { useLingui } from "@lingui/react/macro";
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState, type KeyboardEvent, type Ref } from "react";
import { useStore } from "zustand";
import type { Chat } from "../../../../client-core/bindings/chatty.ts";
import type { Timeline as Model } from "../../model/timeline.ts";
import { items as itemsOf, type Item } from "../../model/timelineItems.ts";
import { useChatty } from "../../model/use.ts";
import { JumpButton } from "./JumpButton.tsx";
import { MessageRow } from "./MessageRow.tsx";
import { moveTo } from "./moveTo.ts";
import { DayRule, EdgeRow, TypingRow, UnreadRule } from "./Rules.tsx";
import styles from "./Timeline.module.css";
import { countAfter, useMarkRead } from "./useMarkRead.ts";
import type { Names } from "./useNames.ts";
import { VirtualList, type ListHandle } from "./VirtualList.tsx";

const NOBODY: ReadonlySet<string> = new Set();
/** Rows this close to the oldest held one make the next page be read. */
const EARLY_PX = 1_500;
/** Farther from the end than this, a button leads back. */
const AWAY_PX = 240;

interface Props {
  chat: Chat;
  timeline: Model;
  names: Names;
  handle: Ref<ListHandle>;
}

function keyOf(item: Item | undefined): string {
  return item?.key ?? "";
}

export function Timeline({ chat, timeline, names, handle }: Props) {
  const { t } = useLingui();
  const held = useStore(timeline.store);
  const typing = useChatty((state) => state.typing.get(chat.id) ?? NOBODY);
  const list = useRef<ListHandle>(null);
  const [current, setCurrent] = useState<string | undefined>(undefined);
  /** New messages below what can be seen; `undefined` = one is at the end. */
  const [below, setBelow] = useState<number | undefined>(undefined);
  const { rows, unreadFrom, older } = held;
  const items = useMemo(
    () => itemsOf(rows, { me: names.me, fromStart: older === "end", unreadFrom, typing: [...typing] }),
    [rows, names.me, older, unreadFrom, typing],
  );
  const look = useMarkRead(chat, names.me, items, list);
  const onFocus = useCallback((id: string) => setCurrent(id), []);
  const stop = current ?? items.findLast((item) => item.kind === "message")?.key;

  const onScroll = (): void => {
    const scroller = list.current?.scroller;
    if (scroller === null || scroller === undefined) return;
    if (scroller.scrollTop < EARLY_PX && held.ready) void timeline.loadOlder();
    const handle = list.current;
    const far = handle !== null && (handle.distanceFromEnd() > AWAY_PX || held.newer !== "end");
    setBelow(far ? Math.min(chat.unread, countAfter(items, handle.visible()[1], names.me)) : undefined);
    look();
  };
  const arrived = useEffectEvent(onScroll);
  useEffect(() => arrived(), [items.length, chat.unread]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const article = (event.target as HTMLElement).closest("article");
    if (article === null || event.target !== article || list.current === null) return;
    if (moveTo(event.key, article.dataset["id"] ?? "", items, list.current)) event.preventDefault();
  };
  const render = (index: number) => {
    const item = items[index];
    switch (item?.kind) {
      case "day":
        return <DayRule at={item.at} />;
      case "unread":
        return <UnreadRule />;
      case "typing":
        return <TypingRow names={item.users.map(names.of)} />;
      case "message":
        return (
          <MessageRow
            message={item.message}
            mine={item.mine}
            first={item.first}
            last={item.last}
            word={item.word}
            name={names.of(item.message.from)}
            named={chat.kind === "group"}
            current={item.key === stop}
            onFocus={onFocus}
          />
        );
      case undefined:
        return null;
    }
  };
  const start = rows[0]?.at_ms;
  return (
    <div className={styles.pane} onKeyDown={onKeyDown}>
      <VirtualList
        handle={(now) => {
          list.current = now;
          if (typeof handle === "function") handle(now);
          else if (handle !== null && handle !== undefined) handle.current = now;
        }}
        count={items.length}
        keyOf={(index) => keyOf(items[index])}
        estimate={(index) => (items[index]?.kind === "message" ? 52 : 56)}
        render={render}
        keep={current}
        label={t`Messages with ${chat.title}`}
        begin={held.ready ? (unreadFrom === undefined ? "end" : "unread") : undefined}
        before={<EdgeRow edge={older} retry={() => void timeline.loadOlder()} title={chat.title} since={start} />}
        onScroll={onScroll}
      />
      {below !== undefined && <JumpButton count={below} onPress={() => void timeline.toEnd().then(() => list.current?.toEnd(true))} />}
    </div>
  );
}
