// The recovery key: shown until it lies in safety, afterwards only said to be there.
import { Trans } from "@lingui/react/macro";
import { KeyRound } from "lucide-react";
import { useChatty } from "../../../model/use.ts";
import { KeyCard } from "../../welcome/Key.tsx";
import { Box, Page, Row } from "../parts.tsx";
import styles from "../Settings.module.css";

export function Recovery() {
  const saved = useChatty((state) => state.keySaved);
  return (
    <Page title={<Trans>Recovery</Trans>} lead={<Trans>If you lose all your devices, the recovery key is the only way back to your account. We can't look it up.</Trans>}>
      {saved === false
        ? <Box title={<Trans>Your recovery key</Trans>}><Row id="key"><div className={styles.form}><KeyCard onSaved={() => undefined} /></div></Row></Box>
        : <Box><Row id="key" icon={<KeyRound size={20} />} title={<Trans>Your recovery key is saved</Trans>} hint={<Trans>You said it is in a safe place, so this device forgot it.</Trans>} /></Box>}
    </Page>
  );
}
