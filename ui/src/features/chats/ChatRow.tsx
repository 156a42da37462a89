// One chat in the list: two lines, never three. The name shrinks, time and badge never do.
import type { ReactNode } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { AtSign, BellOff, CircleAlert, Pin } from "lucide-react";
import { GridListItem } from "react-aria-components";
import { useNow } from "../../app/useNow.ts";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { Badge, IconBadge } from "../../components/Badge/Badge.tsx";
import { TrustBadge } from "../../components/TrustBadge/TrustBadge.tsx";
import { usePerson } from "../../model/people.ts";
import { useChatty } from "../../model/use.ts";
import { firstName, nameOf } from "../../text/names.ts";
import { listTime } from "../../text/time.ts";
import { Ladder, stepOf } from "../conversation/Ladder.tsx";
import { summary } from "./preview.ts";
import { isMuted, type Chat } from "./rows.ts";
import styles from "./ChatRow.module.css";

interface Preview {
  /** Before the text, set apart. */
  lead?: string;
  /** Who wrote it, in a group. */
  author?: string;
  text: string;
  kind?: "draft" | "active";
}

/** What stands in the second line: who types, else what was begun, else the newest message. */
function usePreview(chat: Chat): Preview {
  const { t } = useLingui();
  const me = useChatty((state) => state.who?.user);
  const typist = useChatty((state) => state.typing.get(chat.id)?.values().next().value);
  const typing = usePerson(typist);
  const author = usePerson(chat.kind === "group" && chat.last?.from !== me ? chat.last?.from : undefined);
  if (typist !== undefined) {
    const who = typing === undefined ? undefined : nameOf(typing);
    return { text: chat.kind === "group" && who !== undefined ? t`${who} is typing` : t`typing`, kind: "active" };
  }
  if (chat.draft !== undefined && chat.draft !== "") return { lead: t`Draft:`, text: chat.draft, kind: "draft" };
  if (chat.last === undefined) return { text: chat.kind === "self" ? t`Only you can read this` : t`Say hi` };
  if (chat.last.from === me) return chat.kind === "self" ? { text: summary(chat.last) } : { lead: t`You:`, text: summary(chat.last) };
  return author === undefined ? { text: summary(chat.last) } : { author: firstName(nameOf(author)), text: summary(chat.last) };
}

function Marks({ chat, muted }: { chat: Chat; muted: boolean }): ReactNode {
  const { t } = useLingui();
  return (
    <>
      {chat.last?.state === "failed" && <CircleAlert className={styles.failed} size={16} aria-hidden="true" />}
      {chat.mention && <IconBadge label={t`You were mentioned`}><AtSign size={14} /></IconBadge>}
      {chat.unread > 0 ? <Badge count={chat.unread} muted={muted} /> : chat.pinned && <Pin className={styles.icon} size={16} aria-hidden="true" />}
    </>
  );
}

/** Everything of the row in one sentence, for screen readers. */
function useSentence(chat: Chat, preview: Preview, time: string, muted: boolean): string {
  const { t } = useLingui();
  const parts = [chat.title];
  if (chat.unread > 0) parts.push(t`${chat.unread} unread`);
  if (chat.mention) parts.push(t`you were mentioned`);
  if (chat.last?.state === "failed") parts.push(t`not sent`);
  parts.push([preview.lead, preview.author && `${preview.author}:`, preview.text].filter(Boolean).join(" "), time);
  if (muted) parts.push(t`muted`);
  if (chat.pinned) parts.push(t`pinned`);
  return parts.join(", ");
}

export function ChatRow({ chat, current, href }: { chat: Chat; current: boolean; href: string }) {
  const { i18n } = useLingui();
  const now = useNow();
  const me = useChatty((state) => state.who?.user);
  const person = usePerson(chat.with);
  const preview = usePreview(chat);
  const muted = isMuted(chat, now);
  const time = listTime(chat.last_at_ms, now, i18n.locale);
  // The mark of an own message stands before the time; what failed has its own, louder one.
  const own = chat.last !== undefined && chat.last.from === me && chat.kind !== "self" ? stepOf(chat.last.state) : undefined;
  const step = own === "failed" ? undefined : own;
  const sentence = useSentence(chat, preview, time, muted);
  return (
    <GridListItem id={chat.id} textValue={sentence} href={href} className={styles.row ?? ""} data-current={current || undefined} data-unread={(chat.unread > 0 && !muted) || undefined}>
      <Avatar id={chat.with ?? chat.id} name={chat.title} group={chat.kind === "group"} size="row" />
      <span className={styles.lines}>
        <span className={styles.first}>
          <bdi className={styles.title}>{chat.kind === "self" ? <Trans>Notes to self</Trans> : chat.title}</bdi>
          {person !== undefined && <TrustBadge state={person.state} size={14} />}
          {muted && <BellOff className={styles.icon} size={14} aria-hidden="true" />}
          <span className={styles.time}>{step !== undefined && <Ladder step={step} />}{time}</span>
        </span>
        <span className={styles.second}>
          <span className={styles.preview} data-kind={preview.kind}>
            {preview.lead !== undefined && <><span className={styles.lead}>{preview.lead}</span> </>}
            {preview.author !== undefined && <><span className={styles.lead}><bdi>{preview.author}</bdi>:</span> </>}
            <bdi>{preview.text}</bdi>
          </span>
          <Marks chat={chat} muted={muted} />
        </span>
      </span>
    </GridListItem>
  );
}
