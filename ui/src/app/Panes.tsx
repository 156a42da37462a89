// The panes of a section: its list, and what was chosen in it.
import type { CSSProperties, ReactNode } from "react";
import { usePreference } from "../model/preferences.ts";
import { useDepth } from "./Frame.tsx";
import { StatusStrip } from "./StatusStrip.tsx";
import styles from "./Frame.module.css";

export interface PanesProps {
  list: ReactNode;
  children: ReactNode;
}

export function Panes({ list, children }: PanesProps) {
  const width = usePreference("listWidth");
  return (
    <div className={styles.split} data-depth={useDepth()} style={{ "--list": `${width / 16}rem` } as CSSProperties}>
      <div className={styles.list} data-pane="">{list}<StatusStrip /></div>
      <main className={styles.main} data-pane="">{children}</main>
    </div>
  );
}
