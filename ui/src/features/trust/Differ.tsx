// The numbers are not the same: what that means, and what to do. Nothing here is a dead end.
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "../../components/Button/Button.tsx";
import { Dialog } from "../../components/Dialog/Dialog.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { toast } from "../../components/Toast/Toast.tsx";
import { useBlock } from "../people/useBlock.ts";
import styles from "./Verify.module.css";

export interface DifferProps {
  user: string;
  name: string;
  /** Whether nothing is sent to them already. */
  stopped: boolean;
  onAgain: () => void;
  onClose: () => void;
}

export function Differ({ user, name, stopped, onAgain, onClose }: DifferProps) {
  const { t } = useLingui();
  const block = useBlock(user);
  async function keepOut(): Promise<void> {
    if (!(await block.set(true))) return;
    toast(t`${name} is blocked`);
    onClose();
  }
  const actions = (
    <>
      <Button kind="quiet" onPress={onClose}><Trans>Close</Trans></Button>
      <Button kind="quietDanger" busy={block.busy} isDisabled={block.blocked !== false} onPress={() => void keepOut()}><Trans>Block</Trans></Button>
      <Button kind="primary" autoFocus onPress={onAgain}><Trans>Compare again</Trans></Button>
    </>
  );
  return (
    <Dialog size="wide" title={<Trans>The numbers differ</Trans>} isOpen onOpenChange={onClose} actions={actions}>
      <div className={styles.verify}>
        <p><Trans>Then this chat may not lead to the <bdi>{name}</bdi> you talked to just now. Nothing is marked as verified.</Trans></p>
        <ol className={styles.steps}>
          <li><Trans>Look whether both of you opened each other's page, not somebody else's.</Trans></li>
          <li><Trans>If they started fresh, ask for their new invite link and write to them there.</Trans></li>
          <li>{stopped ? <Trans>Until you know, leave it as it is: nothing is sent to this account.</Trans> : <Trans>Until you know, write nothing private in this chat.</Trans>}</li>
        </ol>
        <Failure of={block} />
      </div>
    </Dialog>
  );
}
