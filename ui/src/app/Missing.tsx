// An address that leads nowhere.
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import styles from "./Missing.module.css";

export function Missing() {
  return (
    <main className={styles.missing}>
      <h1><Trans>Nothing is here</Trans></h1>
      <p><Trans>This address leads nowhere. Your chats are where they were.</Trans></p>
      <Link to="/chats"><Trans>Go to my chats</Trans></Link>
    </main>
  );
}
