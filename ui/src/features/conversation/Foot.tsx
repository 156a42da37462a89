// The line under a bubble: what was reacted, when, and where it stands.
import { Trans, useLingui } from "@lingui/react/macro";
import { Timer } from "lucide-react";
import { Button } from "react-aria-components";
import type { Chat } from "../../../../client-core/bindings/chatty.ts";
import type { MessageItem } from "../../model/timelineItems.ts";
import styles from "./Foot.module.css";
import { Ladder, stepOf, useStepWord } from "./Ladder.tsx";
import { useNow } from "../../app/useNow.ts";
import { clock, left } from "../../text/time.ts";
import { useFailure } from "./failure.ts";
import { useActions } from "./actions.ts";
import { can } from "./can.ts";
import { ReadBy } from "./ReadBy.tsx";
import { Reactions } from "./Reactions.tsx";

/** Whether a row shows more than its group's last one does. */
export function hasFoot({ message, last, mine, word }: Pick<MessageItem, "message" | "last" | "mine" | "word">): boolean {
  const step = mine ? stepOf(message.state) : undefined;
  return last || word || message.edited || message.reactions.length > 0 || step === "waiting" || step === "failed";
}

interface Props extends Pick<MessageItem, "message" | "mine" | "word"> {
  me: string;
  state: Chat["state"];
  group: boolean;
}

/** When it disappears, in one coarse unit. */
function Expires({ at }: { at: number }) {
  const { t, i18n } = useLingui();
  const time = left(at - useNow(), i18n.locale);
  return <><Timer size={14} strokeWidth={2} role="img" aria-hidden={false} aria-label={t`Disappears in`} /><span>{time}</span></>;
}

export function Foot({ message, mine, word, me, state, group }: Props) {
  const { i18n } = useLingui();
  const stepWord = useStepWord();
  const failure = useFailure();
  const actions = useActions();
  const step = mine && !message.deleted ? stepOf(message.state) : undefined;
  const failed = step === "failed";
  return (
    <div className={`${styles.foot} ${mine ? styles.out : ""} ${message.reactions.length > 0 ? styles.reacted : ""}`}>
      {message.reactions.length > 0 && <Reactions message={message} me={me} disabled={!can("react", message, mine, state)} />}
      <span className={`${styles.meta} ${failed ? styles.fail : ""}`}>
        {failed && <Ladder step="failed" />}
        {failed ? (
          <>
            <span className={styles.word}>{failure(message.reason)}</span>
            <Button className={styles.button ?? ""} onPress={() => actions.act("sendAgain", message)}><Trans>Try again</Trans></Button>
          </>
        ) : (
          <>
            {message.expires_at_ms !== undefined && <Expires at={message.expires_at_ms} />}
            {message.edited && <Button className={`${styles.button} ${styles.plain}`} onPress={() => actions.open("history", message)}><Trans>Edited</Trans></Button>}
            {word && step !== undefined && (group ? <ReadBy message={message} /> : <span className={styles.word}>{stepWord(step)}</span>)}
            <time aria-hidden dateTime={new Date(message.at_ms).toISOString()}>{clock(message.at_ms, i18n.locale)}</time>
            {step !== undefined && <Ladder step={step} />}
          </>
        )}
      </span>
    </div>
  );
}
