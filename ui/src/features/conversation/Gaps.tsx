// Messages that are known to be missing: said at the end of the timeline, once per person.
import { Plural, Trans } from "@lingui/react/macro";
import { MessageCircleDashed } from "lucide-react";
import styles from "./Rules.module.css";
import type { Names } from "./useNames.ts";

export function Gaps({ gaps, names }: { gaps: ReadonlyMap<string, { count: number; expired: boolean }>; names: Names }) {
  return [...gaps].map(([user, { count, expired }]) => (
    <p key={user} className={styles.gap}>
      <MessageCircleDashed size={16} aria-hidden />
      <span>
        {expired ? (
          <Trans><Plural value={count} one="# message" other="# messages" /> of <bdi>{names.of(user)}</bdi> disappeared while this device was away.</Trans>
        ) : (
          <Trans><Plural value={count} one="# message" other="# messages" /> of <bdi>{names.of(user)}</bdi> didn't arrive yet. Chatty keeps asking for them.</Trans>
        )}
      </span>
    </p>
  ));
}
