// How writing works on this device.
import { Trans } from "@lingui/react/macro";
import { Switch } from "../../../components/Switch/Switch.tsx";
import { prefer, usePreference } from "../../../model/preferences.ts";
import { Box, Page, Row } from "../parts.tsx";

export function Chats() {
  const enter = usePreference("enterSends");
  return (
    <Page title={<Trans>Chats</Trans>} lead={<Trans>Only on this device.</Trans>}>
      <Box>
        <Row id="enter"><Switch isSelected={enter} onChange={(enterSends) => prefer({ enterSends })} hint={<Trans>Off: Enter starts a new line, and Ctrl or Cmd with Enter sends.</Trans>}><Trans>Enter sends</Trans></Switch></Row>
      </Box>
    </Page>
  );
}
