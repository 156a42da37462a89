// A conversation: its head, its messages and where one writes.
import { Trans } from "@lingui/react/macro";
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import type { Chat, FoundMessage } from "../../../../client-core/bindings/chatty.ts";
import { useAnswer } from "../../app/asks.ts";
import { Draft } from "../../model/draft.ts";
import { Timeline as TimelineModel } from "../../model/timeline.ts";
import { useChatty, useModel } from "../../model/use.ts";
import { ActionsProvider } from "./actions.ts";
import { Announcer } from "./Announcer.tsx";
import { Bar, canWrite } from "./Bars.tsx";
import { ComposerArea } from "./ComposerArea.tsx";
import styles from "./Conversation.module.css";
import { FindBar } from "./FindBar.tsx";
import { Head } from "./Head.tsx";
import { MessageLayers } from "./MessageLayers.tsx";
import { inUnits, type Mark } from "./pieces.ts";
import { Timeline, type TimelineHandle } from "./Timeline.tsx";
import { toNewest } from "./toNewest.ts";
import { TrustLine } from "./TrustLine.tsx";
import { useMessageActions } from "./useMessageActions.ts";
import { useNames } from "./useNames.ts";
import { useOnScreen } from "./useOnScreen.ts";
import { usePeer } from "./usePeer.ts";

export interface ConversationProps {
  chat: string;
  /** A message to show, as in the address. */
  at?: string | undefined;
  /** Words to look for in this chat. */
  q?: string | undefined;
  onBack?: (() => void) | undefined;
  onDetails?: (() => void) | undefined;
}

export function Conversation({ chat: id, ...rest }: ConversationProps) {
  const chat = useChatty((state) => state.chats.get(id));
  const loaded = useChatty((state) => state.who !== undefined);
  if (chat === undefined) return loaded ? <p className={styles.none}><Trans>This chat isn't here.</Trans></p> : null;
  return <Open key={id} chat={chat} {...rest} />;
}

/** Found words by message; `undefined` while nothing is looked for. */
type Marks = ReadonlyMap<string, readonly Mark[]>;

function Open({ chat, at, q, onBack, onDetails }: Omit<ConversationProps, "chat"> & { chat: Chat }) {
  const model = useModel();
  const names = useNames(chat);
  const peer = usePeer(chat);
  const timeline = useMemo(() => new TimelineModel(model, chat.id), [model, chat.id]);
  const draft = useMemo(() => new Draft(model.api, chat.id), [model, chat.id]);
  const list = useRef<TimelineHandle>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const show = useCallback((id: string) => list.current?.show(id), []);
  const { actions, open, setOpen, anchor, remove } = useMessageActions({ chat, timeline, draft, field, show });
  useOnScreen(chat.id);
  useEffect(() => timeline.start(), [timeline]);
  useEffect(() => void draft.load(), [draft]);
  const ready = useStore(timeline.store, (state) => state.ready);
  const goThere = useEffectEvent((id: string) => actions.jump(id));
  useEffect(() => {
    if (ready && at !== undefined) goThere(at);
  }, [ready, at]);
  const [finding, setFinding] = useState(q !== undefined);
  const [marks, setMarks] = useState<Marks | undefined>(undefined);
  const onHits = (hits: readonly FoundMessage[]): void => setMarks(new Map(hits.map((hit) => [hit.id, inUnits(hit.text ?? "", hit.snippet)])));
  const stopFinding = (): void => {
    setFinding(false);
    setMarks(undefined);
    field.current?.focus();
  };
  useAnswer("find", () => setFinding(true));
  useAnswer("newest", () => void toNewest(timeline, list));
  const close = (): void => setOpen((now) => (now?.layer === open?.layer ? undefined : now));
  return (
    <ActionsProvider value={actions}>
      <section className={styles.chat}>
        <Head chat={chat} names={names} peer={peer} onFind={() => setFinding(true)} onBack={onBack} onDetails={onDetails} />
        {finding && <FindBar chat={chat} begin={q ?? ""} onHits={onHits} onGo={actions.jump} onClose={stopFinding} />}
        <Timeline chat={chat} timeline={timeline} names={names} marks={marks} handle={list} openId={open?.message.id} onWave={canWrite(chat, peer) ? () => void model.api.call("message.send", { chat: chat.id, text: "👋", keep_draft: true }) : undefined} />
        <TrustLine chat={chat} />
        {!canWrite(chat, peer) && <Bar chat={chat} peer={peer} />}
        {canWrite(chat, peer) && (
          <ComposerArea
            chat={chat}
            draft={draft}
            names={names}
            timeline={timeline}
            field={field}
            onSent={() => list.current?.toEnd()}
            onLeaveUp={() => list.current?.focusNewest()}
          />
        )}
        <Announcer chat={chat} names={names} />
      </section>
      {open !== undefined && (
        <MessageLayers
          chat={chat}
          message={open.message}
          mine={open.message.from === names.me}
          names={names}
          layer={open.layer}
          anchor={anchor}
          onClose={close}
          onAct={(action) => {
            close();
            actions.act(action, open.message);
          }}
          onReact={(emoji) => {
            close();
            actions.react(open.message, emoji);
          }}
          onDelete={() => {
            close();
            remove(open.message);
          }}
        />
      )}
    </ActionsProvider>
  );
}
