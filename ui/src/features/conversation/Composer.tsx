// The field one writes in: the platform's own text area, so input methods, spelling and undo are
// the platform's too. It grows with its text.
import { useLingui } from "@lingui/react/macro";
import { ArrowUp } from "lucide-react";
import { useRef, type KeyboardEvent, type Ref } from "react";
import { Button } from "react-aria-components";
import styles from "./Composer.module.css";
import { sends } from "./ime.ts";

interface Props {
  title: string;
  text: string;
  /** Whether there is something to send. */
  ready: boolean;
  onText(text: string): void;
  onSend(): void;
  field?: Ref<HTMLTextAreaElement>;
}

/** Characters of one message that fit the engine's 64 KiB in any script. */
const MOST = 65_536;

export function Composer({ title, text, ready, onText, onSend, field }: Props) {
  const { t } = useLingui();
  const box = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (!sends({ ...event.nativeEvent, key: event.key, keyCode: event.keyCode, isComposing: event.nativeEvent.isComposing, shiftKey: event.shiftKey, ctrlKey: event.ctrlKey, metaKey: event.metaKey, altKey: event.altKey })) return;
    event.preventDefault();
    onSend();
  };
  return (
    <div className={styles.wrap}>
      <div className={styles.composer} ref={box}>
        <div className={styles.line}>
          <textarea
            ref={field}
            className={styles.field}
            dir="auto"
            rows={1}
            maxLength={MOST}
            value={text}
            placeholder={t`Message ${title}`}
            aria-label={t`Message ${title}`}
            onChange={(event) => onText(event.target.value)}
            onKeyDown={onKeyDown}
          />
          <Button className={`${styles.button} ${styles.send}`} aria-label={t`Send`} isDisabled={!ready} onPress={onSend}>
            <ArrowUp size={18} strokeWidth={2} aria-hidden />
          </Button>
        </div>
      </div>
    </div>
  );
}
