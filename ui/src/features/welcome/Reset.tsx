// A forgotten password: a mail brings a code, the code sets another one, and signing in goes on by itself.
import { useState, type FormEvent, type ReactNode } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useCall, type Calling } from "../../app/useCall.ts";
import { useSecondsUntil } from "../../app/useSecondsUntil.ts";
import { Button } from "../../components/Button/Button.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { TextField } from "../../components/TextField/TextField.tsx";
import { useApi } from "../../model/use.ts";
import { RESEND_MS } from "./Create.tsx";
import { deviceName } from "./device.ts";
import { Step } from "./Step.tsx";
import styles from "./Welcome.module.css";

const BACK = "/welcome/link";

export function Reset() {
  const api = useApi();
  const signing = useCall();
  const [email, setEmail] = useState("");
  const [asked, setAsked] = useState<{ resendAt: number }>();
  const [password, setPassword] = useState<string>();

  // Kept apart from the code, which is good for one use: a sign-in that fails is tried again alone.
  function signIn(chosen: string): void {
    setPassword(chosen);
    void signing.run(() => api.call("account.log_in", { relay: location.origin, login: email.trim(), password: chosen, device_name: deviceName(navigator.userAgent) }));
  }

  if (password !== undefined) return <SigningIn call={signing} onAgain={() => signIn(password)} />;
  if (asked === undefined) return <Ask email={email} onEmail={setEmail} onNext={(resendAt) => setAsked({ resendAt })} />;
  return <Choose email={email} firstResendAt={asked.resendAt} onOther={() => setAsked(undefined)} onSet={signIn} />;
}

/** The gate goes on when the engine says who is here: to the pictures, or into the chats on a device that is known. */
function SigningIn({ call, onAgain }: { call: Calling; onAgain(): void }) {
  return (
    <Step back={BACK} title={<Trans>Your new password is set</Trans>}>
      <div className={styles.foot}>
        <Failure of={call} />
        <Button kind="primary" size="large" block busy={call.busy} onPress={onAgain}><Trans>Sign in</Trans></Button>
      </div>
    </Step>
  );
}

function Form({ onSubmit, children }: { onSubmit(): void; children: ReactNode }) {
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return <form className={styles.form} onSubmit={submit} noValidate>{children}</form>;
}

function Ask({ email, onEmail, onNext }: { email: string; onEmail(email: string): void; onNext(resendAt: number): void }) {
  const { t } = useLingui();
  const api = useApi();
  const missing = t`Something is missing in this address.`;
  const { busy, error, failed, run } = useCall({ malformed: missing });
  const [looked, look] = useState(false);
  const whole = /^\S+@\S+\.\S+$/.test(email.trim());

  async function ask(): Promise<void> {
    look(true);
    if (busy || !whole) return;
    const done = await run(() => api.call("account.request_reset", { relay: location.origin, email: email.trim() }));
    if (done !== undefined) onNext(Date.now() + RESEND_MS);
  }

  function has(): void {
    look(true);
    if (whole) onNext(0);
  }

  return (
    <Step back={BACK} title={<Trans>Forgot your password?</Trans>} lead={<Trans>We send a code to your address. With it you choose a new password.</Trans>}>
      <Form onSubmit={() => void ask()}>
        <TextField label={t`Email`} type="email" value={email} onChange={onEmail} autoComplete="email" autoFocus hint={t`The address of your account. A handle is not enough here.`} {...(looked && !whole ? { error: missing } : {})} />
        <div className={styles.foot}>
          <Failure of={{ error, failed }} />
          <Button kind="primary" size="large" block type="submit" busy={busy}><Trans>Send the code</Trans></Button>
          <Button kind="quiet" size="large" block onPress={has}><Trans>I have a code</Trans></Button>
        </div>
      </Form>
    </Step>
  );
}

interface ChooseProps {
  email: string;
  firstResendAt: number;
  onOther(): void;
  onSet(password: string): void;
}

function Choose({ email, firstResendAt, onOther, onSet }: ChooseProps) {
  const { t } = useLingui();
  const api = useApi();
  const setting = useCall({ code_expired: t`That is not the code of your newest email, or it is too old. Copy all of it, or send another one.` });
  const sending = useCall();
  const [code, setCode] = useState("");
  const [password, setPassword] = useState("");
  const [looked, look] = useState(false);
  const [sent, setSent] = useState(false);
  const [resendAt, setResendAt] = useState(firstResendAt);
  const left = useSecondsUntil(resendAt);
  // Mail programs break long lines.
  const token = code.replace(/\s/g, "");
  const short = [...password].length < 8;

  async function set(): Promise<void> {
    look(true);
    if (setting.busy || token === "" || short) return;
    const done = await setting.run(() => api.call("account.confirm_reset", { relay: location.origin, token, password }));
    if (done !== undefined) onSet(password);
  }

  async function resend(): Promise<void> {
    const done = await sending.run(() => api.call("account.request_reset", { relay: location.origin, email: email.trim() }));
    if (done === undefined) return;
    setResendAt(Date.now() + RESEND_MS);
    setSent(true);
    setCode("");
    setting.clear();
  }

  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  const lead = <Trans>If <strong><bdi>{email.trim()}</bdi></strong> belongs to an account here, a code is in its mail. It is good for 20 minutes.</Trans>;
  return (
    <Step back={BACK} title={<Trans>Choose a new password</Trans>} lead={lead}>
      <Form onSubmit={() => void set()}>
        <TextField label={t`Code from the email`} mono value={code} onChange={(typed) => { setCode(typed); setting.clear(); }} autoComplete="one-time-code" spellCheck="false" autoFocus hint={t`The long line of letters and digits. Paste works.`} {...(looked && token === "" ? { error: t`Paste the code from the email.` } : {})} />
        <TextField label={t`New password`} type="password" value={password} onChange={setPassword} autoComplete="new-password" hint={t`At least 8 characters.`} {...(looked && short ? { error: t`Use at least 8 characters.` } : {})} />
        <p className={styles.hint}><Trans>Your other devices have to sign in again. Your messages stay where they are.</Trans></p>
        <div className={styles.foot}>
          <p role="status" className={styles.hint}>{sent && <Trans>Another mail is on its way. Only its code counts now.</Trans>}</p>
          <Failure of={setting.error === undefined ? sending : setting} />
          <Button kind="primary" size="large" block type="submit" busy={setting.busy}><Trans>Set password and sign in</Trans></Button>
          <div className={styles.ends}>
            <Button kind="quiet" isDisabled={left > 0} busy={sending.busy} onPress={() => void resend()}>{left > 0 ? <Trans>Resend in {clock}</Trans> : <Trans>Resend</Trans>}</Button>
            <Button kind="quiet" onPress={onOther}><Trans>Another address</Trans></Button>
          </div>
        </div>
      </Form>
    </Step>
  );
}
