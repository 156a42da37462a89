// An account that exists: sign in, then compare pictures with a device that is in it.
import { useEffect, useState, type FormEvent } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useCall } from "../../app/useCall.ts";
import { Button } from "../../components/Button/Button.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { Spinner } from "../../components/Spinner/Spinner.tsx";
import { TextField } from "../../components/TextField/TextField.tsx";
import { useApi, useChatty } from "../../model/use.ts";
import { Compare } from "../devices/Compare.tsx";
import { deviceName } from "./device.ts";
import { Step } from "./Step.tsx";
import styles from "./Welcome.module.css";

export function Link() {
  const waiting = useChatty((state) => state.who?.device_state === "waiting");
  return waiting ? <Waiting /> : <LogIn />;
}

function LogIn() {
  const { t } = useLingui();
  const api = useApi();
  const navigate = useNavigate();
  const { busy, error, failed, run } = useCall();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [looked, look] = useState(false);

  async function logIn(event: FormEvent): Promise<void> {
    event.preventDefault();
    look(true);
    if (busy || login.trim() === "" || password === "") return;
    await run(() => api.call("account.log_in", { relay: location.origin, login: login.trim().replace(/^@/, ""), password, device_name: deviceName(navigator.userAgent) }));
  }

  return (
    <Step back="/welcome" title={<Trans>Sign in</Trans>} lead={<Trans>Then you confirm this device with another one of yours.</Trans>}>
      <form className={styles.form} onSubmit={(event) => void logIn(event)} noValidate>
        <TextField label={t`Handle or email`} value={login} onChange={setLogin} autoComplete="username" spellCheck="false" autoFocus {...(looked && login.trim() === "" ? { error: t`Type your handle or address.` } : {})} />
        <TextField label={t`Password`} type="password" value={password} onChange={setPassword} autoComplete="current-password" {...(looked && password === "" ? { error: t`Type your password.` } : {})} />
        <div className={styles.foot}>
          <Failure of={{ error, failed }} />
          <Button kind="primary" size="large" block type="submit" busy={busy}><Trans>Continue</Trans></Button>
          <Button kind="quiet" size="large" block onPress={() => void navigate({ to: "/welcome/reset" })}><Trans>Forgot password?</Trans></Button>
        </div>
      </form>
    </Step>
  );
}

/** Whether no device is left that could confirm this one. */
function useAlone(): boolean {
  const api = useApi();
  // Known anew with every change of a device.
  const changed = useChatty((state) => state.devices);
  const [alone, setAlone] = useState(false);
  useEffect(() => {
    api.call("device.list", {}).then((devices) => setAlone(devices.length > 0 && !devices.some((one) => one.state === "approved")), () => undefined);
  }, [api, changed]);
  return alone;
}

/** Signed in, but nothing is read or sent until a device of the account has confirmed this one. */
function Waiting() {
  const api = useApi();
  const { busy, error, failed, run } = useCall();
  const who = useChatty((state) => state.who);
  const approval = useChatty((state) => [...state.approvals.values()].findLast((one) => one.device === state.who?.device));
  const alone = useAlone();
  const sas = approval?.step === "compare" || approval?.step === "confirmed" ? approval.sas : undefined;
  const foot = (
    <>
      <Failure of={{ error, failed }} />
      <Button kind="quiet" size="large" block busy={busy} onPress={() => void run(() => api.call("account.log_out", {}))}><Trans>Not now, sign out</Trans></Button>
    </>
  );
  if (approval !== undefined && sas !== undefined) {
    const lead = <Trans>Joining <strong><bdi>@{who?.handle}</bdi></strong>. Do both screens show these seven, in this order?</Trans>;
    return <Step title={<Trans>Compare pictures</Trans>} lead={lead} foot={foot}><Compare approval={approval} sas={sas} /></Step>;
  }
  if (alone) return <Step title={<Trans>No device can confirm this one</Trans>} lead={<Trans>The last device of this account was signed out or removed.</Trans>} foot={foot}><p className={styles.hint}><Trans>If Chatty is still open somewhere, confirm this one there. If not, sign out here and create a new account.</Trans></p></Step>;
  const lead = <Trans>Open Chatty on another device of yours, go to Settings, then Devices, and confirm this one. Until then it can't read or send.</Trans>;
  return (
    <Step title={<Trans>Confirm this device</Trans>} lead={lead} foot={foot}>
      {approval?.step === "stopped" && <p role="alert" className={styles.error}><Trans>The other device stopped this. Start again there when you are ready.</Trans></p>}
      <div className={styles.middle}>
        <Spinner size={32} />
        <p role="status" className={styles.hint}><Trans>Waiting for your other device</Trans></p>
      </div>
    </Step>
  );
}
