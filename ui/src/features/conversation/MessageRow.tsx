// One message: the name where its group begins, the bubble, the foot. Kept out of the list's own
// drawing, so that scrolling draws only what is new.
import { Trans, useLingui } from "@lingui/react/macro";
import { Trash2 } from "lucide-react";
import { memo, useId, useState } from "react";
import { Button } from "react-aria-components";
import type { Chat, Message } from "../../../../client-core/bindings/chatty.ts";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import type { MessageItem } from "../../model/timelineItems.ts";
import { colourIndex } from "../../text/names.ts";
import styles from "./Bubble.module.css";
import { can } from "./can.ts";
import { Doubts, isDoubtful } from "./Doubts.tsx";
import { Foot, hasFoot } from "./Foot.tsx";
import { HoverBar } from "./HoverBar.tsx";
import { Quote } from "./Quote.tsx";
import { RichText } from "./RichText.tsx";
import type { Mark } from "./pieces.ts";
import { fold, isEmojiOnly } from "./text.ts";
import { useLabel } from "./useLabel.ts";
import { Ghost, useWithheld } from "./Withheld.tsx";

interface Props extends Omit<MessageItem, "kind" | "key"> {
  name: string;
  me: string;
  /** In a group the sender's name stands over the first message of each group. */
  named: boolean;
  /** Of the sender, in this group. */
  admin: boolean;
  /** Who had left the group when this was accepted. */
  gone: string;
  quoted: Message | null | undefined;
  quotedName: string;
  /** Where the words stand that one searched for. */
  marks: readonly Mark[] | undefined;
  /** Whether one can write in the chat. */
  state: Chat["state"];
  /** It is about to be deleted. */
  leaving: boolean;
  /** One looked for it. */
  found: boolean;
  /** Whether Tab comes here. */
  current: boolean;
  hovered: boolean;
  onFocus(id: string): void;
}

function Bubble({ message, name, mine, quoted, quotedName, marks }: Pick<Props, "message" | "name" | "mine" | "quoted" | "quotedName" | "marks">) {
  const { t } = useLingui();
  const withheld = useWithheld();
  const [whole, setWhole] = useState(false);
  if (message.deleted) {
    return (
      <div className={`${styles.bubble} ${styles.ghost} ${styles.tomb}`} data-bubble="">
        <Trash2 size={16} aria-hidden />
        <span>{mine ? t`You deleted a message` : t`${name} deleted a message`}</span>
      </div>
    );
  }
  const why = withheld(message, name);
  if (message.text === null) return <Ghost {...(why ?? { title: t`Waiting for this message`, icon: null })} />;
  const cut = whole ? undefined : fold(message.text);
  const large = message.reply_to === undefined && isEmojiOnly(message.text);
  return (
    <div className={`${styles.bubble} ${large ? styles.emoji : ""}`} data-bubble="">
      {message.reply_to !== undefined && <Quote id={message.reply_to} quoted={quoted} name={quotedName} />}
      <span className={styles.text} dir="auto"><RichText text={cut === undefined ? message.text : message.text.slice(0, cut)} spans={message.spans ?? []} linked marks={marks} /></span>
      {cut !== undefined && <Button className={styles.more ?? ""} onPress={() => setWhole(true)}><Trans>Show all of this message</Trans></Button>}
    </div>
  );
}

export const MessageRow = memo(function MessageRow(props: Props) {
  const { mine, first, last, word, name, me, named, leaving, found, current, hovered, state, onFocus } = props;
  const label = useLabel();
  const doubt = useId();
  const message: Message = leaving ? { ...props.message, deleted: true, text: null, reactions: [] } : props.message;
  const classes = [styles.message, mine && styles.out, first && styles.first, named && !mine && styles.named, !first && styles.joinedUp, !last && styles.joinedDown, found && styles.found];
  return (
    <article
      className={classes.filter(Boolean).join(" ")}
      aria-label={label(message, name, mine, props.quoted ? props.quotedName : undefined)}
      {...(isDoubtful(message) && { "aria-describedby": doubt })}
      tabIndex={current ? 0 : -1}
      data-id={message.id}
      onFocus={() => onFocus(message.id)}
    >
      <div className={styles.inner}>
        {named && !mine && first && <span className={styles.avatar}><Avatar id={message.from} name={name} size={32} /></span>}
        {named && !mine && first && <span className={styles.name} style={{ color: `var(--name-${colourIndex(message.from)})` }}><bdi>{name}</bdi>{props.admin && <span className={styles.role}><Trans>Admin</Trans></span>}</span>}
        <div className={styles.beside}>
          <Bubble {...props} message={message} />
          {hovered && <HoverBar message={message} mine={mine} answerable={can("reply", message, mine, state)} />}
        </div>
        <Doubts id={doubt} message={message} name={name} gone={props.gone} />
        {hasFoot({ message, last, mine, word }) && <Foot message={message} mine={mine} word={word} me={me} state={state} group={named} />}
      </div>
    </article>
  );
});
