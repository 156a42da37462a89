// What screen readers hear, and keys that could be in the way.
import { Trans, useLingui } from "@lingui/react/macro";
import { RadioGroup } from "../../../components/RadioGroup/RadioGroup.tsx";
import { Switch } from "../../../components/Switch/Switch.tsx";
import { prefer, usePreference } from "../../../model/preferences.ts";
import { Box, LinkRow, Page, Row } from "../parts.tsx";

export function Accessibility() {
  const { t } = useLingui();
  const announce = usePreference("announce");
  const plain = usePreference("plainList");
  const letters = usePreference("singleKeys");
  const levels = [
    { value: "full", label: t`Who wrote, and what` },
    { value: "names", label: t`Only who wrote` },
    { value: "off", label: t`Nothing` },
  ] as const;
  return (
    <Page title={<Trans>Accessibility</Trans>}>
      <Box title={<Trans>Announce new messages</Trans>} note={<Trans>For screen readers, in the chat that is open. Several at once are said as one.</Trans>}>
        <Row id="announce"><RadioGroup label={t`Announce new messages`} hideLabel choices={levels} value={announce} onChange={(chosen) => prefer({ announce: chosen })} /></Row>
      </Box>
      <Box>
        <Row id="letters"><Switch isSelected={letters} onChange={(singleKeys) => prefer({ singleKeys })} hint={<Trans>R replies, E edits, C copies, while a message is focused.</Trans>}><Trans>Single-key shortcuts</Trans></Switch></Row>
        <Row id="plain"><Switch isSelected={plain} onChange={(plainList) => prefer({ plainList })} hint={<Trans>Every message is in the page, with a button for earlier ones.</Trans>}><Trans>Plain message list</Trans></Switch></Row>
        <LinkRow to="/settings/appearance" title={<Trans>Theme, text size and motion</Trans>} />
      </Box>
    </Page>
  );
}
