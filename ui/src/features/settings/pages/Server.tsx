// The server, and what this browser keeps of it.
import { useEffect, useState } from "react";
import { Trans } from "@lingui/react/macro";
import { HardDrive, Server as ServerIcon, Wifi } from "lucide-react";
import { Button } from "../../../components/Button/Button.tsx";
import { useChatty } from "../../../model/use.ts";
import { useLinkWords } from "../../../app/useLinkWords.ts";
import { size } from "../../../text/size.ts";
import { useLingui } from "@lingui/react/macro";
import { Box, Page, Row } from "../parts.tsx";

interface Space {
  used: number | undefined;
  /** Whether the browser promised to keep it. */
  kept: boolean;
}

function useSpace(): [Space | undefined, () => Promise<void>] {
  const [space, setSpace] = useState<Space>();
  async function look(): Promise<void> {
    const kept = (await navigator.storage?.persisted?.()) ?? false;
    const { usage } = (await navigator.storage?.estimate?.()) ?? {};
    setSpace({ used: usage, kept });
  }
  useEffect(() => void look(), []);
  return [space, async () => { await navigator.storage?.persist?.(); await look(); }];
}

export function Server() {
  const { i18n } = useLingui();
  const link = useLinkWords();
  const outbox = useChatty((state) => state.sync?.outbox ?? 0);
  const [space, ask] = useSpace();
  return (
    <Page title={<Trans>Server</Trans>} lead={<Trans>It carries your messages and can't read them.</Trans>}>
      <Box note={<Trans>A browser also trusts the server for the program itself: it gave you this page.</Trans>}>
        <Row id="address" icon={<ServerIcon size={20} />} title={<Trans>Address</Trans>}><bdi dir="ltr">{location.host}</bdi></Row>
        <Row id="state" icon={<Wifi size={20} />} title={<Trans>Connection</Trans>} hint={outbox > 0 ? <Trans>Waiting to be sent: {outbox}</Trans> : undefined}><span role="status">{link}</span></Row>
      </Box>
      <Box>
        <Row id="storage" icon={<HardDrive size={20} />} title={<Trans>Space on this device</Trans>} hint={space === undefined ? undefined : space.kept ? <Trans>The browser keeps it until you delete it.</Trans> : <Trans>The browser may delete it when the disk is full.</Trans>}>
          {space?.used !== undefined && <span>{size(space.used, i18n.locale)}</span>}
          {space?.kept === false && <Button size="small" onPress={() => void ask()}><Trans>Ask to keep it</Trans></Button>}
        </Row>
      </Box>
    </Page>
  );
}
