// Block somebody, asked for once, or take it back at once.
import { useState } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { Ban, UserCheck } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { AlertDialog } from "../../components/AlertDialog/AlertDialog.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { useBlock } from "./useBlock.ts";
import styles from "../info/Details.module.css";

export function BlockRow({ user, name }: { user: string; name: string }) {
  const { t } = useLingui();
  const { blocked, busy, error, failed, set } = useBlock(user);
  const [asking, ask] = useState(false);
  if (blocked === true) {
    return (
      <>
        <p className={styles.pad}><Trans>You blocked <bdi>{name}</bdi>. You won't get their messages.</Trans></p>
        <AriaButton className={styles.row ?? ""} onPress={() => void set(false)}><UserCheck size={20} aria-hidden="true" /><span><Trans>Unblock</Trans></span></AriaButton>
        <Failure of={{ error, failed }} />
      </>
    );
  }
  return (
    <>
      <AriaButton className={styles.row ?? ""} data-danger="" isDisabled={blocked === undefined} onPress={() => ask(true)}><Ban size={20} aria-hidden="true" /><span><Trans>Block</Trans></span></AriaButton>
      <AlertDialog title={<Trans>Block <bdi>{name}</bdi>?</Trans>} action={t`Block`} danger busy={busy} isOpen={asking} onOpenChange={ask} onAction={() => void set(true).then((done) => done && ask(false))}>
        <p><Trans>You won't get their messages. They aren't told. You can take it back.</Trans></p>
        <Failure of={{ error, failed }} />
      </AlertDialog>
    </>
  );
}
