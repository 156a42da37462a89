// The first screen of a browser that holds no account.
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "../../components/Button/Button.tsx";
import { Mark } from "../../components/Mark/Mark.tsx";
import { Step } from "./Step.tsx";
import styles from "./Welcome.module.css";

export function Welcome() {
  const navigate = useNavigate();
  return (
    <Step>
      <div className={styles.middle}>
        <Mark className={styles.symbol} />
        <h1 className={styles.claim}><Trans>Private messages, for you and your people.</Trans></h1>
      </div>
      <div className={styles.foot}>
        <Button kind="primary" size="large" block onPress={() => void navigate({ to: "/welcome/create" })}><Trans>Create account</Trans></Button>
        <Button size="large" block onPress={() => void navigate({ to: "/welcome/link" })}><Trans>I already use Chatty</Trans></Button>
        <p className={styles.note}><Trans>Got an invite link? Open it and you land in the chat.</Trans></p>
      </div>
    </Step>
  );
}
