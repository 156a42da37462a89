// Seven pictures that two devices show at once: the same on both, or somebody is between them.
import { useState } from "react";
import { Trans } from "@lingui/react/macro";
import type { Approval, Sas } from "../../../../client-core/bindings/chatty.ts";
import { useCall } from "../../app/useCall.ts";
import { Button } from "../../components/Button/Button.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { Pictures } from "../../components/Pictures/Pictures.tsx";
import { useApi } from "../../model/use.ts";
import styles from "./Compare.module.css";

/** Longest wait for the other side's answer; the engine goes on by itself afterwards. */
const WAIT_MS = 300_000;

export interface CompareProps {
  approval: Approval;
  sas: Sas;
}

/** The pictures and the one question. Either side's "Stop" ends it for both. */
export function Compare({ approval, sas }: CompareProps) {
  const api = useApi();
  const { error, failed, run } = useCall();
  const [said, say] = useState<boolean>();
  async function answer(same: boolean): Promise<void> {
    say(same);
    const done = await run(() => api.call("device.confirm", { approval: approval.id, same, timeout_ms: WAIT_MS }));
    if (done === undefined) say(undefined);
  }
  const confirmed = said === true || approval.step === "confirmed";
  return (
    <div className={styles.compare}>
      <Pictures sas={sas} />
      <Failure of={{ error, failed }} />
      <p role="status" className={styles.hint}>{confirmed && <Trans>Waiting for the other device to say the same.</Trans>}</p>
      <div className={styles.actions}>
        <Button kind="primary" isDisabled={confirmed} onPress={() => void answer(true)}><Trans>They match</Trans></Button>
        <Button kind="quietDanger" onPress={() => void answer(false)}><Trans>Stop</Trans></Button>
      </div>
    </div>
  );
}
