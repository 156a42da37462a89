// That somebody is online: a dot and the word, so that the colour says nothing alone.
import { Trans } from "@lingui/react/macro";
import styles from "./OnlineMark.module.css";

export function OnlineMark() {
  return <span className={styles.mark}><span className={styles.dot} aria-hidden="true" /><Trans>Online</Trans></span>;
}
