// The six digits of the mail. The sixth one goes on by itself.
import { useState } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useCall } from "../../app/useCall.ts";
import { useSecondsUntil } from "../../app/useSecondsUntil.ts";
import { Button } from "../../components/Button/Button.tsx";
import { CodeField } from "../../components/CodeField/CodeField.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { setup, useSetup } from "../../model/setup.ts";
import { useApi } from "../../model/use.ts";
import { RESEND_MS } from "./Create.tsx";
import { Step } from "./Step.tsx";
import styles from "./Welcome.module.css";

export function Code() {
  const { t } = useLingui();
  const api = useApi();
  const navigate = useNavigate();
  const email = useSetup((now) => now.email);
  const left = useSecondsUntil(useSetup((now) => now.resendAt));
  const checking = useCall();
  const sending = useCall();
  const [code, setCode] = useState("");
  const [sent, setSent] = useState(false);

  // The gate goes on when the engine says that the address is checked.
  const check = (typed: string) => checking.run(() => api.call("account.verify_email", { code: typed }));

  async function resend(): Promise<void> {
    const done = await sending.run(() => api.call("account.resend_code", {}));
    if (done === undefined) return;
    setup.setState({ resendAt: Date.now() + RESEND_MS });
    setSent(true);
    setCode("");
  }

  function later(): void {
    setup.setState({ later: new Set(["code"]) });
    void navigate({ to: "/chats" });
  }

  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  const foot = (
    <>
      <p role="status" className={styles.hint}>{sent && <Trans>Another mail is on its way. Only its code counts now.</Trans>}</p>
      <Failure of={sending} />
      <div className={styles.ends}>
        <Button kind="quiet" isDisabled={left > 0} busy={sending.busy} onPress={() => void resend()}>
          {left > 0 ? <Trans>Resend in {clock}</Trans> : <Trans>Resend</Trans>}
        </Button>
        <Button kind="quiet" onPress={later}><Trans>Later</Trans></Button>
      </div>
    </>
  );
  const lead = email === undefined ? <Trans>We sent a 6-digit code to your address.</Trans> : <Trans>6-digit code sent to <strong><bdi>{email}</bdi></strong></Trans>;
  return (
    <Step step={2} title={<Trans>Check your email</Trans>} lead={lead} foot={foot}>
      <CodeField label={t`6-digit code`} value={code} onChange={(typed) => { setCode(typed); checking.clear(); }} onComplete={(typed) => void check(typed)} autoFocus hint={t`Paste works. It goes on by itself after the sixth digit.`} {...(checking.error === undefined ? {} : { error: checking.error })} />
    </Step>
  );
}
