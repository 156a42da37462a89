// The field one writes in: the platform's own text area, so input methods, spelling and undo are
// the platform's too. It grows with its text.
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowUp, Check, X } from "lucide-react";
import type { KeyboardEvent, ReactNode, Ref } from "react";
import type { Chat, Message } from "../../../../client-core/bindings/chatty.ts";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { usePreference } from "../../model/preferences.ts";
import { colourIndex } from "../../text/names.ts";
import styles from "./Composer.module.css";
import { EmojiButton } from "./EmojiButton.tsx";
import { isComposing, sends } from "./ime.ts";
import { QuoteText } from "./Quote.tsx";

interface Props {
  chat: Chat;
  text: string;
  /** The message that is answered or changed. */
  about: Message | undefined;
  aboutName: string;
  editing: boolean;
  field: Ref<HTMLTextAreaElement>;
  /** More of the field, for screen readers. */
  control: object;
  onCaret(caret: number): void;
  onEmoji(emoji: string): void;
  onText(text: string): void;
  onSend(): void;
  /** Takes back the answer or the change. Says whether there was one. */
  onCancel(): boolean;
  /** Changes the newest own message. Says whether there is one. */
  onEditLast(): boolean;
  onLeaveUp(): void;
  /** Keys that a list above the field wants first. */
  onKey?(event: KeyboardEvent<HTMLTextAreaElement>): boolean;
  above?: ReactNode;
}

/** Characters of one message that fit the engine's 64 KiB in any script. */
const MOST = 65_536;

export function Composer(props: Props) {
  const { chat, text, about, aboutName, editing, onText, onSend } = props;
  const { t } = useLingui();
  const enterSends = usePreference("enterSends");
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (isComposing(event.nativeEvent)) return;
    if (props.onKey?.(event) === true) return event.preventDefault();
    if (sends(event.nativeEvent, enterSends)) {
      event.preventDefault();
      onSend();
    } else if (event.key === "Escape" && props.onCancel()) event.stopPropagation();
    else if (event.key === "ArrowUp" && text === "" && !editing && props.onEditLast()) event.preventDefault();
    else if (event.key === "Tab" && event.shiftKey) {
      event.preventDefault();
      props.onLeaveUp();
    }
  };
  return (
    <div className={styles.composer}>
      {props.above}
      {about !== undefined && (
        <div className={styles.bar} style={{ "--sender": editing ? "var(--accent)" : `var(--name-${colourIndex(about.from)})` } as React.CSSProperties}>
          <div className={styles.about}>
            <span className={styles.aboutName}>{editing ? <Trans>Edit message</Trans> : <Trans>Replying to <bdi>{aboutName}</bdi></Trans>}</span>
            <span className={styles.aboutText} dir="auto"><QuoteText quoted={about} /></span>
          </div>
          <IconButton label={editing ? t`Cancel edit` : t`Cancel reply`} tooltip="top" onPress={() => props.onCancel()}><X size={18} /></IconButton>
        </div>
      )}
      <div className={styles.line}>
        <textarea
          ref={props.field}
          className={styles.field}
          // Empty it has the interface's direction, as its placeholder does.
          dir={text === "" ? undefined : "auto"}
          rows={1}
          maxLength={MOST}
          value={text}
          placeholder={t`Message ${chat.title}`}
          aria-label={t`Message ${chat.title}`}
          {...props.control}
          onChange={(event) => onText(event.target.value)}
          onSelect={(event) => props.onCaret(event.currentTarget.selectionEnd)}
          onKeyDown={onKeyDown}
        />
        <EmojiButton onEmoji={props.onEmoji} />
        <IconButton kind="solid" label={editing ? t`Save` : t`Send`} tooltip="none" isDisabled={text.trim() === ""} onPress={onSend}>
          {editing ? <Check size={18} strokeWidth={2} /> : <ArrowUp size={18} strokeWidth={2} />}
        </IconButton>
      </div>
    </div>
  );
}
