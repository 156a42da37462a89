// A link that somebody sent: looked at here, then shown with the person it leads to.
import { useState, type FormEvent } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useRouter } from "@tanstack/react-router";
import { useCall } from "../../app/useCall.ts";
import { Button } from "../../components/Button/Button.tsx";
import { TextField } from "../../components/TextField/TextField.tsx";
import { useApi } from "../../model/use.ts";
import { addressOf } from "./invite.ts";
import styles from "./MyCode.module.css";

export function OpenLink() {
  const { t } = useLingui();
  const api = useApi();
  const router = useRouter();
  const { busy, error, clear, run } = useCall();
  const [link, setLink] = useState("");
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const typed = link.trim();
    if (typed === "" || busy) return;
    const person = await run(() => api.call("invite.look", { link: typed }));
    const address = addressOf(typed);
    if (person !== undefined && address !== undefined) router.history.push(address);
  }
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
      <TextField label={t`Invite link`} type="url" mono value={link} onChange={(typed) => { setLink(typed); clear(); }} autoComplete="off" spellCheck="false" hint={t`Paste it here. You see who it is before anything happens.`} {...(error === undefined ? {} : { error })} />
      <Button kind="primary" type="submit" busy={busy} isDisabled={link.trim() === ""}><Trans>Look</Trans></Button>
    </form>
  );
}
