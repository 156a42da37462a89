// The shape of what comes. It shows itself only after 300 ms, and says once that it loads.
import { useLingui } from "@lingui/react/macro";
import styles from "./Skeleton.module.css";

export interface SkeletonProps {
  /** `rows` of a chat list or a settings page, `bubbles` of a conversation. */
  shape: "rows" | "bubbles" | "lines";
  count?: number;
  label?: string;
}

export function Skeleton({ shape, count = 6, label }: SkeletonProps) {
  const { t } = useLingui();
  return (
    <div className={styles.skeleton} data-shape={shape} role="img" aria-label={label ?? t`Loading`}>
      {Array.from({ length: count }, (_, index) => (
        <span key={index} className={styles.piece} data-turn={index % 3}>
          {shape === "rows" && <span className={styles.round} />}
          <span className={styles.line} />
        </span>
      ))}
    </div>
  );
}
