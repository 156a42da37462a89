// How far something is. Without a value only that it goes on.
import type { ReactNode } from "react";
import { Label, ProgressBar as AriaProgressBar } from "react-aria-components";
import styles from "./ProgressBar.module.css";

export interface ProgressBarProps {
  label: string;
  /** A title beside it says it already. */
  hideLabel?: boolean;
  /** 0 to `max`; without it the length is not known. */
  value?: number;
  max?: number;
  /** Under the bar: what is done, what is left. */
  children?: ReactNode;
}

export function ProgressBar({ label, hideLabel = false, value, max = 100, children }: ProgressBarProps) {
  const amount = value === undefined ? { isIndeterminate: true } : { value, maxValue: max };
  return (
    <AriaProgressBar {...amount} {...(hideLabel ? { "aria-label": label } : {})} className={styles.progress ?? ""}>
      {({ percentage, valueText, isIndeterminate }) => (
        <>
          {!hideLabel && (
            <span className={styles.head}>
              <Label className={styles.label ?? ""}>{label}</Label>
              <span className={styles.value}>{isIndeterminate ? "" : valueText}</span>
            </span>
          )}
          <span className={styles.track}>
            <span className={styles.fill} data-unknown={isIndeterminate || undefined} style={{ inlineSize: `${percentage ?? 30}%` }} />
          </span>
          {children !== undefined && <span className={styles.foot}>{children}</span>}
        </>
      )}
    </AriaProgressBar>
  );
}
