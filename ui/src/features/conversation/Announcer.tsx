// Tells a screen reader of new messages in the open chat: one sentence for all of two seconds. The
// list itself is silent (ui.md, timeline accessibility).
import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { Chat, Message } from "../../../../client-core/bindings/chatty.ts";
import { usePreference } from "../../model/preferences.ts";
import { useModel } from "../../model/use.ts";
import styles from "./Announcer.module.css";
import type { Names } from "./useNames.ts";

const TOGETHER_MS = 2_000;
/** More of a text is not read out. */
const LONGEST = 300;

export function Announcer({ chat, names }: { chat: Chat; names: Names }) {
  const { t } = useLingui();
  const { onEvents } = useModel();
  const level = usePreference("announce");
  const [{ words, turn }, setSaid] = useState({ words: "", turn: 0 });
  const waiting = useRef<Message[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const setWords = (next: string): void => setSaid((before) => ({ words: next, turn: before.turn + 1 }));
  const say = useEffectEvent(() => {
    const news = waiting.current.splice(0);
    timer.current = undefined;
    const failed = news.find((row) => row.from === names.me);
    const first = news.find((row) => row.from !== names.me);
    if (failed !== undefined) return setWords(t`A message was not sent.`);
    if (first === undefined || level === "off") return;
    const count = news.length;
    const title = chat.title;
    const name = names.of(first.from);
    const text = first.text?.slice(0, LONGEST);
    if (count > 1) setWords(plural(count, { one: `# new message in ${title}`, other: `# new messages in ${title}` }));
    else if (level === "names" || text === undefined) setWords(t`New message from ${name}`);
    else setWords(t`${name}: ${text}`);
  });
  const hear = useEffectEvent((message: Message, added: boolean) => {
    const theirs = added && message.from !== names.me;
    const failed = !added && message.from === names.me && message.state === "failed";
    if (message.conv !== chat.id || (!theirs && !failed)) return;
    waiting.current.push(message);
    timer.current ??= setTimeout(() => say(), TOGETHER_MS);
  });
  useEffect(() => {
    const stop = onEvents((events) => {
      for (const event of events) {
        if (event.event === "message.added") hear(event.message, true);
        if (event.event === "message.changed") hear(event.message, false);
      }
    });
    return () => {
      stop();
      clearTimeout(timer.current);
    };
  }, [onEvents]);
  // The same words twice are news twice: a new element is heard, an unchanged text is not.
  return <div role="status" aria-live="polite" className={styles.unseen}><span key={turn}>{words}</span></div>;
}
