// The server, and what this browser keeps of it.
import { useEffect, useState } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { HardDrive, Server as ServerIcon, Wifi } from "lucide-react";
import { useLinkWords } from "../../../app/useLinkWords.ts";
import { Button } from "../../../components/Button/Button.tsx";
import { useKeep } from "../../../model/keep.ts";
import { useChatty } from "../../../model/use.ts";
import { size } from "../../../text/size.ts";
import { Box, Page, Row } from "../parts.tsx";

/** What all of this origin takes up; `undefined` where the browser doesn't say. */
function useUsed(): number | undefined {
  const [used, setUsed] = useState<number>();
  useEffect(() => {
    let current = true;
    void navigator.storage?.estimate?.().then(({ usage }) => current && setUsed(usage), () => undefined);
    return () => void (current = false);
  }, []);
  return used;
}

export function Server() {
  const { i18n } = useLingui();
  const link = useLinkWords();
  const outbox = useChatty((state) => state.sync?.outbox ?? 0);
  const used = useUsed();
  const { kept, asking, refused, ask } = useKeep();
  const hint = kept === undefined ? undefined : kept === true
    ? <Trans>The browser keeps it until you delete it.</Trans>
    : refused ? <Trans>The browser said no. It may say yes once you use Chatty more, or allow notifications.</Trans> : <Trans>The browser may delete it when the disk is full.</Trans>;
  return (
    <Page title={<Trans>Server</Trans>} lead={<Trans>It carries your messages and can't read them.</Trans>}>
      <Box note={<Trans>A browser also trusts the server for the program itself: it gave you this page.</Trans>}>
        <Row id="address" icon={<ServerIcon size={20} />} title={<Trans>Address</Trans>}><bdi dir="ltr">{location.host}</bdi></Row>
        <Row id="state" icon={<Wifi size={20} />} title={<Trans>Connection</Trans>} hint={outbox > 0 ? <Trans>Waiting to be sent: {outbox}</Trans> : undefined}><span role="status">{link}</span></Row>
      </Box>
      <Box>
        <Row id="storage" icon={<HardDrive size={20} />} title={<Trans>Space on this device</Trans>} hint={<span role="status">{hint}</span>}>
          {used !== undefined && <span>{size(used, i18n.locale)}</span>}
          {kept === false && <Button size="small" busy={asking} onPress={ask}><Trans>Ask to keep it</Trans></Button>}
        </Row>
      </Box>
    </Page>
  );
}
