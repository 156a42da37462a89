// A conversation: its head, its messages and where one writes.
import { Trans } from "@lingui/react/macro";
import { useCallback, useEffect, useMemo, useRef } from "react";
import type { Chat } from "../../../../client-core/bindings/chatty.ts";
import { Draft } from "../../model/draft.ts";
import { Timeline as TimelineModel } from "../../model/timeline.ts";
import { useChatty, useModel } from "../../model/use.ts";
import { ActionsProvider } from "./actions.ts";
import { ComposerArea } from "./ComposerArea.tsx";
import styles from "./Conversation.module.css";
import { Head } from "./Head.tsx";
import { MessageLayers } from "./MessageLayers.tsx";
import { Timeline, type TimelineHandle } from "./Timeline.tsx";
import { useMessageActions } from "./useMessageActions.ts";
import { useNames } from "./useNames.ts";
import { useOnScreen } from "./useOnScreen.ts";

export function Conversation({ chat: id }: { chat: string }) {
  const chat = useChatty((state) => state.chats.get(id));
  const loaded = useChatty((state) => state.who !== undefined);
  if (chat === undefined) return loaded ? <p className={styles.none}><Trans>This chat isn't here.</Trans></p> : null;
  return <Open key={id} chat={chat} />;
}

function Open({ chat }: { chat: Chat }) {
  const model = useModel();
  const names = useNames(chat);
  const timeline = useMemo(() => new TimelineModel(model, chat.id), [model, chat.id]);
  const draft = useMemo(() => new Draft(model.api, chat.id), [model, chat.id]);
  const list = useRef<TimelineHandle>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const show = useCallback((id: string) => list.current?.show(id), []);
  const { actions, open, setOpen, anchor, remove } = useMessageActions({ chat, timeline, draft, field, show });
  useOnScreen(chat.id);
  useEffect(() => timeline.start(), [timeline]);
  const close = (): void => setOpen((now) => (now?.layer === open?.layer ? undefined : now));
  return (
    <ActionsProvider value={actions}>
      <section className={styles.chat}>
        <Head chat={chat} names={names} />
        <Timeline chat={chat} timeline={timeline} names={names} handle={list} openId={open?.message.id} />
        <ComposerArea
          chat={chat}
          draft={draft}
          names={names}
          timeline={timeline}
          field={field}
          onSent={() => list.current?.toEnd()}
          onLeaveUp={() => list.current?.focusNewest()}
        />
      </section>
      {open !== undefined && (
        <MessageLayers
          chat={chat}
          message={open.message}
          mine={open.message.from === names.me}
          me={names.me}
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
