// The messages of a chat: what stands where, and what moves when.
import { useLingui } from "@lingui/react/macro";
import { useCallback, useEffect, useEffectEvent, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, type Ref } from "react";
import { useStore } from "zustand";
import type { Chat } from "../../../../client-core/bindings/chatty.ts";
import type { Timeline as Model } from "../../model/timeline.ts";
import { items as itemsOf, type Item } from "../../model/timelineItems.ts";
import { usePreference } from "../../model/preferences.ts";
import { useChatty, useModel } from "../../model/use.ts";
import { JumpButton } from "./JumpButton.tsx";
import { MessageRow } from "./MessageRow.tsx";
import { dayRule } from "../../text/time.ts";
import { NothingYet } from "./NothingYet.tsx";
import { estimate } from "./estimate.ts";
import { Gaps } from "./Gaps.tsx";
import { focusRow } from "./moveTo.ts";
import type { Mark } from "./pieces.ts";
import { PlainList } from "./PlainList.tsx";
import { DayRule, EdgeRow, TypingRow, UnreadRule } from "./Rules.tsx";
import styles from "./Timeline.module.css";
import { toNewest } from "./toNewest.ts";
import { countAfter, useMarkRead } from "./useMarkRead.ts";
import type { Names } from "./useNames.ts";
import { useRowEvents } from "./useRowEvents.ts";
import { VirtualList, type ListHandle } from "./VirtualList.tsx";

const NOBODY: ReadonlySet<string> = new Set();
/** Rows this close to an end of what is held make the next page be read. */
const EARLY_PX = 1_500;
/** So many frames a row that was asked for is brought back to its place. */
const AIM_FRAMES = 12;
/** Farther from the end than this, a button leads back. */
const AWAY_PX = 240;
/** So long a message that was looked for stands out. */
const FOUND_MS = 2_000;

export interface TimelineHandle {
  toEnd(): void;
  /** Shows a held message, marked for a moment. */
  show(id: string): void;
  focusNewest(): void;
}

interface Props {
  chat: Chat;
  timeline: Model;
  names: Names;
  /** Where found words stand, by message. */
  marks: ReadonlyMap<string, readonly Mark[]> | undefined;
  /** The message beside which something is open. */
  openId: string | undefined;
  /** Sends a first greeting, where one can write. */
  onWave: (() => void) | undefined;
  handle: Ref<TimelineHandle>;
}

const keyOf = (item: Item | undefined): string => item?.key ?? "";

export function Timeline({ chat, timeline, names, marks, openId, onWave, handle }: Props) {
  const { t, i18n } = useLingui();
  const held = useStore(timeline.store);
  const plain = usePreference("plainList");
  const typing = useChatty((state) => state.typing.get(chat.id) ?? NOBODY);
  const list = useRef<ListHandle>(null);
  const [current, setCurrent] = useState<string | undefined>(undefined);
  /** New messages below what can be seen; `undefined` = one is at the end. */
  const [below, setBelow] = useState<number | undefined>(undefined);
  /** Day of the topmost message in sight. */
  const [top, setTop] = useState<number | undefined>(undefined);
  const [found, setFound] = useState<string | undefined>(undefined);
  const { rows, unreadFrom, unread, older, newer, quotes } = held;
  const leaving = useStore(useModel().deletions.store, (state) => state.leaving);
  const items = useMemo(
    () => itemsOf(rows, { me: names.me, fromStart: older === "end", unreadFrom, unread, typing: newer === "end" ? [...typing] : [] }),
    [rows, names.me, older, newer, unreadFrom, unread, typing],
  );
  const byId = useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows]);
  const look = useMarkRead(chat, names.me, items, list);
  const onFocus = useCallback((id: string) => setCurrent(id), []);
  const newest = items.findLast((item) => item.kind === "message")?.key;
  const stop = current !== undefined && byId.has(current) ? current : newest;
  const { hovered, events } = useRowEvents({ chat, me: names.me, items, byId, list });

  useImperativeHandle(handle, () => ({
    toEnd: () => list.current?.toEnd(),
    show: setFound,
    focusNewest: () => {
      if (newest !== undefined && list.current !== null) focusRow(newest, list.current);
    },
  }));
  useLayoutEffect(() => {
    if (found === undefined) return undefined;
    let turns = AIM_FRAMES;
    let next = 0;
    // A list that has just begun at its end goes there once more when its rows are measured.
    const aim = (): void => {
      list.current?.toKey(found);
      if (--turns > 0) next = requestAnimationFrame(aim);
    };
    aim();
    const timer = setTimeout(() => setFound(undefined), FOUND_MS);
    return () => {
      cancelAnimationFrame(next);
      clearTimeout(timer);
    };
  }, [found]);

  const onScroll = (): void => {
    const shown = list.current;
    const scroller = shown?.scroller;
    if (shown === null || scroller === null || scroller === undefined) return;
    if (!plain && scroller.scrollTop < EARLY_PX && held.ready && older === "more") void timeline.loadOlder();
    if (shown.distanceFromEnd() < EARLY_PX && newer === "more") void timeline.loadNewer();
    const far = shown.distanceFromEnd() > AWAY_PX || newer !== "end";
    setBelow(far ? Math.min(chat.unread, newer === "end" ? countAfter(items, shown.visible()[1], names.me) : chat.unread) : undefined);
    const first = items[shown.visible()[0]];
    setTop(first?.kind === "message" ? new Date(first.message.at_ms).setHours(0, 0, 0, 0) : undefined);
    look();
  };
  const arrived = useEffectEvent(onScroll);
  useEffect(() => arrived(), [items.length, chat.unread, held.ready]);

  const render = (index: number) => {
    const item = items[index];
    switch (item?.kind) {
      case "day":
        return <DayRule at={item.at} />;
      case "unread":
        return <UnreadRule count={item.count} under={item.under} />;
      case "typing":
        return <TypingRow names={item.users.map(names.of)} />;
      case "message": {
        const { message } = item;
        const quoted = message.reply_to === undefined ? undefined : (byId.get(message.reply_to) ?? quotes.get(message.reply_to));
        if (message.reply_to !== undefined && quoted === undefined) void timeline.want(message.reply_to);
        return (
          <MessageRow
            message={message}
            mine={item.mine}
            first={item.first}
            last={item.last}
            word={item.word}
            name={names.of(message.from)}
            me={names.me}
            named={chat.kind === "group"}
            admin={names.isAdmin(message.from)}
            gone={message.older_membership === undefined ? "" : names.of(message.older_membership)}
            quoted={quoted}
            quotedName={quoted ? names.of(quoted.from) : ""}
            marks={marks?.get(message.id)}
            state={chat.state}
            leaving={leaving.has(message.id)}
            found={found === message.id}
            current={item.key === stop}
            hovered={hovered === message.id || openId === message.id}
            onFocus={onFocus}
          />
        );
      }
      case undefined:
        return null;
    }
  };
  /** To where one is named, as long as that is not read; then to the end. */
  const jump = async (): Promise<void> => {
    const named = chat.mention ? await timeline.mention() : undefined;
    if (named !== undefined && (await timeline.toMessage(named))) return setFound(named);
    await toNewest(timeline, list);
  };
  const List = plain ? PlainList : VirtualList;
  return (
    <div className={styles.pane} {...events}>
      <List
        handle={list}
        count={items.length}
        keyOf={(index) => keyOf(items[index])}
        estimate={(index) => estimate(items[index])}
        render={render}
        keep={current}
        label={t`Messages with ${chat.title}`}
        begin={held.ready ? (unreadFrom === undefined ? "end" : "unread") : undefined}
        before={<EdgeRow edge={older} retry={() => void timeline.loadOlder()} title={chat.title} since={rows[0]?.at_ms} />}
        onScroll={onScroll}
        onEarlier={older === "more" || older === "failed" ? () => void timeline.loadOlder() : undefined}
      />
      {rows.length === 0 && older === "end" && <NothingYet chat={chat} onWave={onWave} />}
      {top !== undefined && below !== undefined && <div className={styles.pill} aria-hidden>{dayRule(top, Date.now(), i18n.locale)}</div>}
      <Gaps gaps={held.gaps} names={names} />
      {below !== undefined && <JumpButton count={below} named={chat.mention} onPress={() => void jump()} />}
    </div>
  );
}
