// Where one writes: the field with what it answers or changes above it.
import { useLingui } from "@lingui/react/macro";
import type { RefObject } from "react";
import { useStore } from "zustand";
import type { Chat } from "../../../../client-core/bindings/chatty.ts";
import type { Draft } from "../../model/draft.ts";
import type { Timeline } from "../../model/timeline.ts";
import { errorText } from "../../text/errors.ts";
import { can } from "./can.ts";
import { Composer } from "./Composer.tsx";
import styles from "./Composer.module.css";
import { useMentions } from "./useMentions.tsx";
import type { Names } from "./useNames.ts";
import { useTyping } from "./useTyping.ts";

interface Props {
  chat: Chat;
  draft: Draft;
  names: Names;
  timeline: Timeline;
  field: RefObject<HTMLTextAreaElement | null>;
  onSent(): void;
  /** Shift+Tab goes to the newest message. */
  onLeaveUp(): void;
}

export function ComposerArea({ chat, draft, names, timeline, field, onSent, onLeaveUp }: Props) {
  const { i18n } = useLingui();
  const { text, replyTo, editing, error } = useStore(draft.store);
  const typing = useTyping(chat.id);
  const mentions = useMentions(draft, text, names, field);

  async function send(): Promise<void> {
    typing(false);
    const fresh = draft.store.getState().editing === undefined;
    if (fresh) await timeline.toEnd();
    if ((await draft.send()) && fresh) onSent();
  }
  function editLast(): boolean {
    const last = timeline.store.getState().rows.findLast((row) => can("edit", row, row.from === names.me, chat.state));
    if (last !== undefined) draft.edit(last);
    return last !== undefined;
  }
  function put(emoji: string): void {
    const { selectionStart = text.length, selectionEnd = text.length } = field.current ?? {};
    draft.setText(text.slice(0, selectionStart) + emoji + text.slice(selectionEnd));
    const caret = selectionStart + emoji.length;
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(caret, caret);
    });
  }
  const words = error === undefined ? undefined : errorText(error, i18n.locale);
  return (
    <div className={styles.wrap}>
      {words !== undefined && <p role="alert" className={styles.error}>{words.title}. {words.next}</p>}
      <Composer
        chat={chat}
        text={text}
        about={editing ?? replyTo}
        aboutName={replyTo === undefined ? "" : names.of(replyTo.from)}
        editing={editing !== undefined}
        field={field}
        onText={(now) => {
          draft.setText(now);
          typing(now !== "");
        }}
        onSend={() => void send()}
        onCancel={() => draft.cancel()}
        onEditLast={editLast}
        onKey={mentions.onKey}
        onCaret={mentions.onCaret}
        onEmoji={put}
        control={mentions.control}
        above={mentions.above}
        onLeaveUp={onLeaveUp}
      />
    </div>
  );
}
