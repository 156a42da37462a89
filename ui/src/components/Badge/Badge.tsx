// A count of unread things, or the sign of a mention. The row says it in words.
import type { ReactNode } from "react";
import { useLingui } from "@lingui/react/macro";
import styles from "./Badge.module.css";

export interface BadgeProps {
  count: number;
  /** Of a muted chat. */
  muted?: boolean;
  /** Said to screen readers instead of the bare number. */
  label?: string;
  size?: "small" | "normal";
}

export function Badge({ count, muted = false, label, size = "normal" }: BadgeProps) {
  const { i18n } = useLingui();
  if (count <= 0) return null;
  const shown = count > 99 ? `${i18n.number(99)}+` : i18n.number(count);
  return (
    <span className={styles.badge} data-muted={muted || undefined} data-size={size} role={label === undefined ? undefined : "img"} aria-label={label}>
      {shown}
    </span>
  );
}

/** A badge with a drawing, e.g. the @ of a mention. */
export function IconBadge({ label, children }: { label: string; children: ReactNode }) {
  return <span className={styles.badge} data-icon="" role="img" aria-label={label}>{children}</span>;
}

/** A word on a tint: "Admin", "This device", "Waiting". */
export function Tag({ kind = "normal", children }: { kind?: "normal" | "accent" | "ok" | "warn"; children: ReactNode }) {
  return <span className={styles.tag} data-kind={kind}>{children}</span>;
}
