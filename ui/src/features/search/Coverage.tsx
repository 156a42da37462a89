// What a search saw: never more is claimed than was looked at.
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Check, Hourglass } from "lucide-react";
import type { Coverage as Seen } from "../../../../client-core/bindings/chatty.ts";
import { date } from "../../text/time.ts";
import styles from "./Search.module.css";

/** `cut` = no more than that many matches were given, so older ones are not among them. */
export function Coverage({ seen, cut }: { seen: Seen; cut?: number }) {
  const { i18n } = useLingui();
  const since = seen.since_ms === null ? undefined : date(seen.since_ms, i18n.locale);
  return (
    <p className={styles.coverage}>
      {seen.complete ? <Check size={16} aria-hidden /> : <Hourglass size={16} aria-hidden />}
      <span>
        {since === undefined && <Trans>There are no messages on this device yet.</Trans>}
        {cut !== undefined && <><Trans>Only the newest {cut} matches are looked through here.</Trans> </>}
        {since !== undefined && seen.complete && <Trans>All messages on this device since {since}</Trans>}
        {since !== undefined && !seen.complete && <Trans>The newest <Plural value={seen.messages} one="# message" other="# messages" />, since {since}. Longer words search all.</Trans>}
      </span>
    </p>
  );
}
