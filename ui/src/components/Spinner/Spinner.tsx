// Something goes on, and nobody knows how long. It shows itself only after 300 ms.
import { useLingui } from "@lingui/react/macro";
import styles from "./Spinner.module.css";

export interface SpinnerProps {
  /** Edge in px. */
  size?: number;
  /** What goes on, for screen readers; without it "Loading". */
  label?: string;
  /** Inside a control that says itself that it is busy: silent and at once. */
  inline?: boolean;
}

export function Spinner({ size = 20, label, inline = false }: SpinnerProps) {
  const { t } = useLingui();
  const place = { inlineSize: size, blockSize: size };
  if (inline) return <span className={styles.spinner} style={place} aria-hidden="true" />;
  return <span className={styles.spinner} data-late="" style={place} role="img" aria-label={label ?? t`Loading`} />;
}
