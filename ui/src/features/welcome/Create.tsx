// Name, handle, address, password: an account with this device as its first.
import { useState, type FormEvent } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { ChevronRight } from "lucide-react";
import { Button } from "../../components/Button/Button.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { TextField } from "../../components/TextField/TextField.tsx";
import { useCall } from "../../app/useCall.ts";
import { setup } from "../../model/setup.ts";
import { useApi } from "../../model/use.ts";
import { deviceName } from "./device.ts";
import { fault, suggest, tidy } from "./handle.ts";
import { Step } from "./Step.tsx";
import styles from "./Welcome.module.css";

/** The relay lets the next mail go after a minute. */
export const RESEND_MS = 60_000;

export function Create() {
  const { t } = useLingui();
  const api = useApi();
  const { busy, error, failed, run, clear } = useCall();
  const [name, setName] = useState("");
  const [handle, setHandle] = useState<string>();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [looked, look] = useState(false);

  const wanted = handle ?? suggest(name);
  const faults = {
    name: name.trim() === "" ? t`Type a name. It can be any.` : undefined,
    handle: { short: t`Use 3 to 32 letters.`, start: t`Begin with a letter.`, letters: t`Use a to z, digits and _ only.`, right: undefined }[fault(tidy(wanted)) ?? "right"],
    email: /^\S+@\S+\.\S+$/.test(email.trim()) ? undefined : t`Something is missing in this address.`,
    password: [...password].length < 8 ? t`Use at least 8 characters.` : undefined,
  };
  const shown = (what: keyof typeof faults) => (looked && faults[what] !== undefined ? { error: faults[what] } : {});

  async function create(event: FormEvent): Promise<void> {
    event.preventDefault();
    look(true);
    if (busy || Object.values(faults).some((one) => one !== undefined)) return;
    const address = email.trim();
    setup.setState({ email: address, resendAt: Date.now() + RESEND_MS, name: name.trim() });
    await run(async () => {
      await api.call("account.sign_up", { relay: location.origin, handle: tidy(wanted), email: address, password, device_name: deviceName(navigator.userAgent) });
      await api.call("profile.set", { name: name.trim() });
    });
  }

  return (
    <Step step={1} back="/welcome" title={<Trans>Create your account</Trans>}>
      <form className={styles.form} onSubmit={(event) => void create(event)} noValidate>
        <TextField label={t`Name`} value={name} onChange={setName} autoComplete="name" maxLength={64} autoFocus hint={t`What people see. Change it any time.`} {...shown("name")} />
        <TextField label={t`Handle`} prefix="@" value={wanted} onChange={(typed) => { setHandle(typed); clear(); }} autoComplete="username" spellCheck="false" hint={t`How people find you.`} {...shown("handle")} />
        <TextField label={t`Email`} type="email" value={email} onChange={setEmail} autoComplete="email" hint={t`Only to get back in. Other people never see it.`} {...shown("email")} />
        <TextField label={t`Password`} type="password" value={password} onChange={setPassword} autoComplete="new-password" hint={t`At least 8 characters.`} {...shown("password")} />
        <div className={styles.foot}>
          <details className={styles.server}>
            <summary><ChevronRight size={16} data-flip="" aria-hidden="true" /><span><Trans>Server</Trans></span><span className={styles.hint} dir="ltr">{location.host}</span></summary>
            <p className={styles.hint}><Trans>Your account lives on the server that gave you this page. For another one, open its address.</Trans></p>
          </details>
          <Failure of={{ error, failed }} />
          <Button kind="primary" size="large" block type="submit" busy={busy}><Trans>Continue</Trans></Button>
        </div>
      </form>
    </Step>
  );
}
