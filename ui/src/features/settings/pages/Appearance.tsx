// How it looks on this device. Every choice holds at once.
import type { CSSProperties } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { Slider, SliderOutput, SliderThumb, SliderTrack, Label } from "react-aria-components";
import { Select } from "../../../components/Select/Select.tsx";
import { Switch } from "../../../components/Switch/Switch.tsx";
import { prefer, usePreference } from "../../../model/preferences.ts";
import { LANGUAGES } from "../../../text/language.ts";
import { useSpeak } from "../../../app/useSpeak.ts";
import { Box, Page, Row } from "../parts.tsx";
import { Themes } from "./Themes.tsx";
import styles from "../Settings.module.css";

export function Appearance() {
  const { t } = useLingui();
  const density = usePreference("density");
  const motion = usePreference("motion");
  const language = usePreference("language");
  const speak = useSpeak();
  const languages = [{ value: "system", label: t`As the browser` }, ...Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))];
  return (
    <Page title={<Trans>Appearance</Trans>} lead={<Trans>Only on this device.</Trans>}>
      <Themes />
      <Box title={<Trans>Text and rows</Trans>}>
        <Row id="density" title={<Trans>Density</Trans>} hint={<Trans>How much room a chat takes in the list.</Trans>}>
          <Select label={t`Density`} hideLabel size="small" choices={[{ value: "cozy", label: t`Cozy` }, { value: "compact", label: t`Compact` }] as const} value={density} onChange={(chosen) => prefer({ density: chosen })} />
        </Row>
        <Row id="size"><TextSize /></Row>
      </Box>
      <Box title={<Trans>Motion and language</Trans>}>
        <Row id="motion"><Switch isSelected={motion === "less"} onChange={(less) => prefer({ motion: less ? "less" : "system" })} hint={<Trans>Nothing slides or moves, whatever the system says.</Trans>}><Trans>Less motion</Trans></Switch></Row>
        <Row id="language" title={<Trans>Language</Trans>}><Select label={t`Language`} hideLabel size="small" choices={languages} value={language} onChange={(chosen) => { prefer({ language: chosen }); speak(chosen); }} /></Row>
      </Box>
    </Page>
  );
}

function TextSize() {
  const size = usePreference("textSize");
  return (
    <Slider className={styles.slider ?? ""} value={size} minValue={80} maxValue={200} step={10} onChange={(textSize) => prefer({ textSize })} formatOptions={{ style: "unit", unit: "percent" }}>
      <Label><Trans>Text size</Trans></Label>
      <SliderOutput className={styles.small ?? ""} />
      <SliderTrack className={styles.track ?? ""} style={({ state }) => ({ "--part": `${state.getThumbPercent(0) * 100}%` }) as CSSProperties}><SliderThumb className={styles.thumb ?? ""} /></SliderTrack>
    </Slider>
  );
}
