// A sentence at the edge of what it concerns. `stop` only where sending is stopped; nothing else is red.
import { useId, type ReactNode } from "react";
import styles from "./Banner.module.css";

export interface BannerProps {
  kind?: "notice" | "warn" | "stop";
  /** `strip` under a list, `bar` under a head, `card` in a page. */
  place?: "strip" | "bar" | "card";
  icon?: ReactNode;
  title?: ReactNode;
  children?: ReactNode;
  /** Buttons; a safe one is among them. */
  actions?: ReactNode;
  /** Said to screen readers when it appears. */
  live?: boolean;
}

export function Banner({ kind = "notice", place = "bar", icon, title, children, actions, live = false }: BannerProps) {
  const name = useId();
  // A region of its own is worth finding only where a choice waits.
  const role = live ? "status" : actions === undefined ? undefined : "group";
  return (
    <div className={styles.banner} data-kind={kind} data-place={place} role={role} aria-labelledby={role === "group" && title !== undefined ? name : undefined}>
      {icon !== undefined && <span className={styles.icon} aria-hidden="true">{icon}</span>}
      <div className={styles.words}>
        {title !== undefined && <strong id={name} className={styles.title}>{title}</strong>}
        {children !== undefined && <div>{children}</div>}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
