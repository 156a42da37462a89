// Lines between messages: the day, where the unread ones begin, who types, and what lies above.
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Lock } from "lucide-react";
import type { Edge } from "../../model/timelineRows.ts";
import { Button } from "../../components/Button/Button.tsx";
import { Spinner } from "../../components/Spinner/Spinner.tsx";
import { date, dayRule } from "../../text/time.ts";
import styles from "./Rules.module.css";

export function DayRule({ at }: { at: number }) {
  const { i18n } = useLingui();
  return <div className={`${styles.rule} ${styles.day}`}><span>{dayRule(at, Date.now(), i18n.locale)}</span></div>;
}

/** `under` = right below a day. */
export function UnreadRule({ count, under }: { count: number; under: boolean }) {
  return (
    <div className={`${styles.rule} ${styles.unread} ${under ? styles.under : ""}`}>
      {count > 1 ? <Plural value={count} one="# new message" other="# new messages" /> : <Trans>New messages</Trans>}
    </div>
  );
}

export function TypingRow({ names }: { names: readonly string[] }) {
  const { t, i18n } = useLingui();
  const who = new Intl.ListFormat(i18n.locale).format(names);
  return (
    <div className={styles.typing}>
      <span className={styles.dots} role="img" aria-label={t`${who} typing`}><i /><i /><i /></span>
    </div>
  );
}

/** One of the three things that can stand above the oldest row. */
export function EdgeRow({ edge, retry, title, since }: { edge: Edge; retry: () => void; title: string; since: number | undefined }) {
  const { i18n } = useLingui();
  switch (edge) {
    case "more":
    case "loading":
      return <div className={styles.edge}><Spinner size={16} inline /><Trans>Loading older messages</Trans></div>;
    case "failed":
      return (
        <div className={styles.edge}>
          <Trans>Older messages didn't load.</Trans>
          <Button kind="quiet" size="small" onPress={retry}><Trans>Try again</Trans></Button>
        </div>
      );
    case "end":
      if (since === undefined) return null;
      const day = date(since, i18n.locale);
      return (
        <div className={styles.edge}>
          {/* Among the words: beside two lines it would stand between them. */}
          <span><Lock size={16} aria-hidden /><Trans>This is where your chat with <bdi>{title}</bdi> begins, {day}</Trans></span>
        </div>
      );
  }
}
