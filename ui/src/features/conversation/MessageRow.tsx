// One message: the name where its group begins, the bubble, the foot. Kept out of the list's own
// drawing, so that scrolling draws only what is new.
import { useLingui } from "@lingui/react/macro";
import { Trash2 } from "lucide-react";
import { memo } from "react";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import type { MessageItem } from "../../model/timelineItems.ts";
import { colourIndex } from "../../text/names.ts";
import styles from "./Bubble.module.css";
import { Foot, hasFoot } from "./Foot.tsx";
import { isEmojiOnly } from "./text.ts";
import { useLabel } from "./useLabel.ts";
import { Ghost, useWithheld } from "./Withheld.tsx";

interface Props extends Omit<MessageItem, "kind" | "key"> {
  /** Sender's name; shown in groups only. */
  name: string;
  /** In a group the sender's name stands over the first message of each group. */
  named: boolean;
  /** Whether Tab comes here. */
  current: boolean;
  onFocus(id: string): void;
}

function BubbleOf({ message, name, mine }: Pick<Props, "message" | "name" | "mine">) {
  const { t } = useLingui();
  const withheld = useWithheld();
  if (message.deleted) {
    return (
      <div className={`${styles.bubble} ${styles.ghost} ${styles.tomb}`}>
        <Trash2 size={16} aria-hidden />
        <span>{mine ? t`You deleted a message` : t`${name} deleted a message`}</span>
      </div>
    );
  }
  const why = withheld(message, name);
  if (message.text === null || (why !== undefined && message.text === "")) return <Ghost {...(why ?? { title: t`Waiting for this message`, icon: null })} />;
  return (
    <div className={`${styles.bubble} ${isEmojiOnly(message.text) ? styles.emoji : ""}`}>
      <span className={styles.text} dir="auto">{message.text}</span>
    </div>
  );
}

export const MessageRow = memo(function MessageRow({ message, mine, first, last, word, name, named, current, onFocus }: Props) {
  const label = useLabel();
  const classes = [styles.message, mine && styles.out, first && styles.first, named && !mine && styles.named, !first && styles.joinedUp, !last && styles.joinedDown];
  return (
    <article
      className={classes.filter(Boolean).join(" ")}
      aria-label={label(message, name, mine)}
      tabIndex={current ? 0 : -1}
      data-id={message.id}
      onFocus={() => onFocus(message.id)}
    >
      <div className={styles.inner}>
        {named && !mine && first && <span className={styles.avatar}><Avatar id={message.from} name={name} size={32} /></span>}
        {named && !mine && first && <span className={styles.name} style={{ color: `var(--name-${colourIndex(message.from)})` }}><bdi>{name}</bdi></span>}
        <BubbleOf message={message} name={name} mine={mine} />
        {hasFoot({ message, last, mine, word }) && <Foot message={message} mine={mine} word={word} />}
      </div>
    </article>
  );
});
