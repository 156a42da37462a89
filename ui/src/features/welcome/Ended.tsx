// The account does not count on this device any more: it was removed, or nobody renewed it.
import { Trans } from "@lingui/react/macro";
import { useCall } from "../../app/useCall.ts";
import { Button } from "../../components/Button/Button.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { useApi, useChatty } from "../../model/use.ts";
import { Step } from "./Step.tsx";
import styles from "./Welcome.module.css";

export function Ended() {
  const api = useApi();
  const expired = useChatty((state) => state.who?.device_state === "expired");
  const { busy, error, failed, run } = useCall();
  const lead = expired
    ? <Trans>This browser was not renewed for 30 days, so it reads and sends nothing. Sign out, then sign in again.</Trans>
    : <Trans>Somebody with another device of yours removed this one. It reads and sends nothing any more.</Trans>;
  return (
    <Step title={expired ? <Trans>This device has expired</Trans> : <Trans>This device was removed</Trans>} lead={lead}>
      <div className={styles.foot}>
        <Failure of={{ error, failed }} />
        <Button kind="primary" size="large" block busy={busy} onPress={() => void run(() => api.call("account.log_out", {}))}><Trans>Sign out of this device</Trans></Button>
      </div>
    </Step>
  );
}
