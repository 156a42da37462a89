// Inviting people into a group.
import { useState } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { UserPlus } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { useCall } from "../../app/useCall.ts";
import { Button } from "../../components/Button/Button.tsx";
import { Dialog } from "../../components/Dialog/Dialog.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { useApi } from "../../model/use.ts";
import { ChoosePeople } from "../people/ChoosePeople.tsx";
import styles from "./Details.module.css";

export function AddPeople({ chat, inside }: { chat: string; inside: readonly string[] }) {
  const { t } = useLingui();
  const api = useApi();
  const { busy, error, failed, run } = useCall();
  const [open, setOpen] = useState(false);
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  async function invite(): Promise<void> {
    const done = await run(() => api.call("group.invite", { chat, people: [...chosen] }));
    if (done === undefined) return;
    choose(new Set());
    setOpen(false);
  }
  const actions = (close: () => void) => (
    <>
      <Button kind="quiet" onPress={close}><Trans>Cancel</Trans></Button>
      <Button kind="primary" busy={busy} isDisabled={chosen.size === 0} onPress={() => void invite()}><Trans>Invite</Trans></Button>
    </>
  );
  return (
    <div className={styles.list}>
      <AriaButton className={styles.row ?? ""} onPress={() => setOpen(true)}><UserPlus size={20} aria-hidden="true" /><span><Trans>Add people</Trans></span></AriaButton>
      <Dialog title={t`Add people`} isOpen={open} onOpenChange={setOpen} actions={actions}>
        <ChoosePeople chosen={chosen} onChange={choose} without={inside} />
        <Failure of={{ error, failed }} />
      </Dialog>
    </div>
  );
}
