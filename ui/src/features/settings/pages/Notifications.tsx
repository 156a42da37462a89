// What the browser shows while Chatty is open but not looked at.
import { useState } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { Banner } from "../../../components/Banner/Banner.tsx";
import { RadioGroup } from "../../../components/RadioGroup/RadioGroup.tsx";
import { prefer, usePreference, type Preferences } from "../../../model/preferences.ts";
import { Box, Page, Row } from "../parts.tsx";

export function Notifications() {
  const { t } = useLingui();
  const level = usePreference("notify");
  const [refused, refuse] = useState(() => globalThis.Notification?.permission === "denied");
  async function choose(notify: Preferences["notify"]): Promise<void> {
    // Asked at the moment of use, and only then.
    const answer = notify === "off" ? "granted" : await globalThis.Notification?.requestPermission();
    refuse(answer !== "granted");
    prefer({ notify: answer === "granted" ? notify : "off" });
  }
  const levels = [
    { value: "full", label: t`Name and message` },
    { value: "name", label: t`Only the name` },
    { value: "hidden", label: t`Only "New message"` },
    { value: "off", label: t`Nothing` },
  ] as const;
  return (
    <Page title={<Trans>Notifications</Trans>} lead={<Trans>Shown by this browser while Chatty is open in a tab that you don't look at.</Trans>}>
      <Box title={<Trans>What a notification shows</Trans>}>
        <Row id="level"><RadioGroup label={t`What a notification shows`} hideLabel choices={levels} value={level} onChange={(chosen) => void choose(chosen)} /></Row>
      </Box>
      {refused && <Banner kind="warn" place="card" live title={<Trans>This browser doesn't allow notifications</Trans>}><Trans>Allow them for {location.host} in the browser's site settings, then choose again. Nothing else changes.</Trans></Banner>}
    </Page>
  );
}
