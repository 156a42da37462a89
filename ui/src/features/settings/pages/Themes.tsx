// The themes, each as it looks; or that of the system.
import { useSyncExternalStore } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { RadioButton, RadioField, RadioGroup } from "react-aria-components";
import { Switch } from "../../../components/Switch/Switch.tsx";
import { prefer, usePreference, type Theme } from "../../../model/preferences.ts";
import { Box, Row } from "../parts.tsx";
import page from "../Settings.module.css";
import styles from "./Themes.module.css";

/** What the page shows; while it follows the system, that can change under it. */
const shownNow = (): Theme => (document.documentElement.dataset["theme"] ?? "light") as Theme;
function watch(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

export function Themes() {
  const { t } = useLingui();
  const theme = usePreference("theme");
  const shown = useSyncExternalStore(watch, shownNow);
  const themes = [
    { value: "light", label: t`Light` },
    { value: "dark", label: t`Dark` },
    { value: "contrast", label: t`High contrast, light` },
    { value: "contrast-dark", label: t`High contrast, dark` },
  ] as const;
  return (
    <>
      <section className={page.section}>
        <h3 className={page.heading}><Trans>Theme</Trans></h3>
        <RadioGroup aria-label={t`Theme`} value={theme === "system" ? shown : theme} onChange={(chosen) => prefer({ theme: chosen as Theme })} className={styles.themes ?? ""}>
          {themes.map(({ value, label }) => (
            <RadioField key={value} value={value} className={styles.field ?? ""}>
              <RadioButton className={styles.theme ?? ""}>
                <span className={styles.tile} data-theme={value}>
                  <i aria-hidden="true" />
                  <i aria-hidden="true" />
                  <i aria-hidden="true" />
                  <span>{label}</span>
                </span>
              </RadioButton>
            </RadioField>
          ))}
        </RadioGroup>
      </section>
      <Box>
        <Row id="theme"><Switch isSelected={theme === "system"} onChange={(follow) => prefer({ theme: follow ? "system" : shownNow() })} hint={<Trans>Light by day, dark by night, if the system does so.</Trans>}><Trans>Follow the system</Trans></Switch></Row>
      </Box>
    </>
  );
}
