// A conversation: its head, its messages and where one writes.
import { Trans } from "@lingui/react/macro";
import { useEffect, useMemo, useRef, useState } from "react";
import type { ApiError, Chat, Message } from "../../../../client-core/bindings/chatty.ts";
import { Timeline as TimelineModel } from "../../model/timeline.ts";
import { useChatty, useModel } from "../../model/use.ts";
import { ActionsProvider, type Actions } from "./actions.ts";
import { Composer } from "./Composer.tsx";
import styles from "./Conversation.module.css";
import { Head } from "./Head.tsx";
import { Timeline } from "./Timeline.tsx";
import { useNames } from "./useNames.ts";
import { useTyping } from "./useTyping.ts";
import type { ListHandle } from "./VirtualList.tsx";

export function Conversation({ chat: id }: { chat: string }) {
  const chat = useChatty((state) => state.chats.get(id));
  const loaded = useChatty((state) => state.who !== undefined);
  if (chat === undefined) return loaded ? <p className={styles.none}><Trans>This chat isn't here.</Trans></p> : null;
  return <Open key={id} chat={chat} />;
}

/** Tells the engine which chat is on the screen: only that one gets typing. */
function useOnScreen(chat: string): void {
  const { api } = useModel();
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

function Open({ chat }: { chat: Chat }) {
  const model = useModel();
  const names = useNames(chat);
  const timeline = useMemo(() => new TimelineModel(model, chat.id), [model, chat.id]);
  const list = useRef<ListHandle>(null);
  const [text, setText] = useState("");
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const typing = useTyping(chat.id);
  useOnScreen(chat.id);
  useEffect(() => timeline.start(), [timeline]);

  async function send(words: string): Promise<void> {
    setError(undefined);
    await timeline.toEnd();
    try {
      await model.api.call("message.send", { chat: chat.id, text: words });
      list.current?.toEnd();
    } catch (failure) {
      // Nothing typed is lost: what did not go stands in the field again, before what was typed meanwhile.
      setText((now) => (now === "" ? words : `${words}\n${now}`));
      setError(failure as ApiError);
    }
  }
  function onSend(): void {
    const words = text.trim();
    if (words === "") return;
    setText("");
    typing(false);
    void send(words);
  }
  const actions: Actions = {
    sendAgain: (message: Message) => {
      if (message.text === null) return;
      const words = message.text;
      model.api.call("message.cancel", { chat: chat.id, message: message.id }).then(() => send(words), setError);
    },
  };
  return (
    <ActionsProvider value={actions}>
      <section className={styles.chat}>
        <Head chat={chat} names={names} />
        <Timeline chat={chat} timeline={timeline} names={names} handle={list} />
        {error !== undefined && <p role="alert" className={styles.error}>{error.message} {error.hint}</p>}
        <Composer
          title={chat.title}
          text={text}
          ready={text.trim() !== ""}
          onText={(now) => {
            setText(now);
            typing(now !== "");
          }}
          onSend={onSend}
        />
      </section>
    </ActionsProvider>
  );
}
