// Deleting the account: what goes, what stays, and one's own handle typed, so that no slip does it.
import { useState } from "react";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { WhoAmI } from "../../../../client-core/bindings/chatty.ts";
import { useCall } from "../../app/useCall.ts";
import { Button } from "../../components/Button/Button.tsx";
import { Dialog } from "../../components/Dialog/Dialog.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { TextField } from "../../components/TextField/TextField.tsx";
import { useApi, useChatty } from "../../model/use.ts";
import { moment } from "../../text/time.ts";
import { tidy } from "../welcome/handle.ts";
import styles from "./Settings.module.css";

export interface DeleteAccountProps {
  who: WhoAmI;
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
}

export function DeleteAccount({ who, isOpen, onOpenChange }: DeleteAccountProps) {
  const { t, i18n } = useLingui();
  const api = useApi();
  const { busy, error, failed, run, clear } = useCall({ not_allowed: t`The password is not right. Check it, or set a new one by email.` });
  const chats = useChatty((state) => state.chats.size);
  const [typed, setTyped] = useState("");
  const [password, setPassword] = useState("");
  const [due, setDue] = useState<number>();
  // Only a full device can sign it; any other announces it with the password.
  const announced = who.class !== "full";
  const sure = tidy(typed) === who.handle && (!announced || password !== "");

  function close(open: boolean): void {
    setTyped("");
    setPassword("");
    clear();
    onOpenChange(open);
  }
  async function remove(): Promise<void> {
    if (!sure) return;
    const done = await run(() => api.call("account.delete", announced ? { password } : {}));
    setDue(done?.due_ms);
  }
  if (due !== undefined) {
    const when = moment(due, i18n.locale);
    return (
      <Dialog title={<Trans>Your account will be deleted</Trans>} isOpen={isOpen} onOpenChange={close} actions={(shut) => <Button kind="primary" autoFocus onPress={shut}><Trans>OK</Trans></Button>}>
        <p role="status"><Trans>It goes on {when}. Until then your other devices can stop it.</Trans></p>
      </Dialog>
    );
  }
  const actions = (shut: () => void) => (
    <>
      <Button kind="quiet" onPress={shut}><Trans>Cancel</Trans></Button>
      <Button kind="danger" busy={busy} isDisabled={!sure} onPress={() => void remove()}><Trans>Delete account</Trans></Button>
    </>
  );
  return (
    <Dialog role="alertdialog" title={<Trans>Delete your account?</Trans>} isOpen={isOpen} onOpenChange={close} actions={actions}>
      <form className={styles.form} noValidate onSubmit={(event) => { event.preventDefault(); void remove(); }}>
        <p><Trans>All your devices are signed out, your handle is given up, and you leave your groups. This can't be taken back.</Trans></p>
        <p>{chats > 0 && <Plural value={chats} one="You lose # chat." other="You lose # chats." />} <Trans>What others received stays with them.</Trans></p>
        {announced && <p><Trans>From this browser it takes 7 days. At once it goes only from a device with the Chatty program.</Trans></p>}
        <TextField label={t`Type your handle to confirm`} prefix="@" value={typed} onChange={setTyped} autoComplete="off" spellCheck="false" autoFocus hint={<bdi dir="ltr">@{who.handle}</bdi>} />
        {announced && <TextField label={t`Password`} type="password" value={password} onChange={(now) => { setPassword(now); clear(); }} autoComplete="current-password" />}
        <Failure of={{ error, failed }} />
      </form>
    </Dialog>
  );
}
