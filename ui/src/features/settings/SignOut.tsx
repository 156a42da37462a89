// Signing out: stops only where something is really lost, and says what, in numbers.
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useCall } from "../../app/useCall.ts";
import { AlertDialog } from "../../components/AlertDialog/AlertDialog.tsx";
import { Button } from "../../components/Button/Button.tsx";
import { Dialog } from "../../components/Dialog/Dialog.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { useApi, useChatty } from "../../model/use.ts";

export interface SignOutProps {
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
}

export function SignOut({ isOpen, onOpenChange }: SignOutProps) {
  const { t } = useLingui();
  const api = useApi();
  const navigate = useNavigate();
  const { busy, error, failed, run } = useCall();
  const others = useChatty((state) => [...state.devices.values()].some((one) => one.state === "approved" && !one.current));
  const chats = useChatty((state) => state.chats.size);
  const saved = useChatty((state) => state.keySaved);
  const out = () => void run(() => api.call("account.log_out", {}));
  const problem = <Failure of={{ error, failed }} />;
  const back = !others && <p><Trans>To sign in again, another device of yours has to confirm this one, and there is none yet.</Trans></p>;
  if (others || chats === 0) {
    return (
      <AlertDialog title={<Trans>Sign out of this device?</Trans>} action={t`Sign out`} busy={busy} onAction={out} isOpen={isOpen} onOpenChange={onOpenChange}>
        <p>{others ? <Trans>Messages stay on your other devices.</Trans> : <Trans>There are no chats here that could be lost.</Trans>}</p>
        {back}
        {problem}
      </AlertDialog>
    );
  }
  const actions = (close: () => void) => (
    <>
      <Button kind="quiet" autoFocus onPress={close}><Trans>Cancel</Trans></Button>
      <Button kind="quietDanger" busy={busy} onPress={out}><Trans>Sign out and lose them</Trans></Button>
      {saved === false && <Button kind="primary" onPress={() => { close(); void navigate({ to: "/welcome/key" }); }}><Trans>Save key first</Trans></Button>}
    </>
  );
  return (
    <Dialog role="alertdialog" title={<Plural value={chats} one="You'd lose # chat" other="You'd lose # chats" />} isOpen={isOpen} onOpenChange={onOpenChange} actions={actions}>
      <p>{saved === false ? <Trans>This is your only device and no recovery key is saved.</Trans> : <Trans>This is your only device. Link another one first, and your messages stay with it.</Trans>}</p>
      {back}
      {problem}
    </Dialog>
  );
}
