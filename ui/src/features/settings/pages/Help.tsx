// Help, and what support needs to know: nothing of the person.
import { useState } from "react";
import { Trans } from "@lingui/react/macro";
import { ClipboardCopy, Info, Keyboard } from "lucide-react";
import { Button } from "../../../components/Button/Button.tsx";
import { openGuide } from "../../../app/layers.ts";
import { useChatty } from "../../../model/use.ts";
import { version } from "../../../text/version.ts";
import { Box, Page, Row } from "../parts.tsx";

export function Help() {
  const sync = useChatty((state) => state.sync);
  const [copied, setCopied] = useState(false);
  const details = () => [`Chatty ${version()}`, navigator.userAgent, `${innerWidth}x${innerHeight} @${devicePixelRatio}`, document.documentElement.lang, `link: ${sync?.link ?? "?"}, behind: ${sync?.behind ?? "?"}, outbox: ${sync?.outbox ?? "?"}`].join("\n");
  return (
    <Page title={<Trans>Help</Trans>}>
      <Box>
        <Row id="keys" icon={<Keyboard size={20} />} title={<Trans>Keyboard shortcuts</Trans>}><Button size="small" onPress={openGuide}><Trans>Show</Trans></Button></Row>
        <Row id="version" icon={<Info size={20} />} title={<Trans>Version</Trans>}><bdi dir="ltr">{version()}</bdi></Row>
        <Row id="details" icon={<ClipboardCopy size={20} />} title={<Trans>Details for support</Trans>} hint={<Trans>Browser and connection. No content, no names, no ids.</Trans>}>
          <Button size="small" onPress={() => void navigator.clipboard.writeText(details()).then(() => setCopied(true))}>{copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}</Button>
        </Row>
      </Box>
    </Page>
  );
}
