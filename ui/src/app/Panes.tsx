// The panes of a section: its list, and what was chosen in it.
import { useRef, type CSSProperties, type ReactNode } from "react";
import { usePreference } from "../model/preferences.ts";
import { useDepth } from "./Frame.tsx";
import { Sash } from "./Sash.tsx";
import { StatusStrip } from "./StatusStrip.tsx";
import { useNarrow } from "./useNarrow.ts";
import styles from "./Frame.module.css";

export interface PanesProps {
  /** What the list is, for those who go from landmark to landmark. */
  name: string;
  list: ReactNode;
  children: ReactNode;
}

export function Panes({ name, list, children }: PanesProps) {
  const width = usePreference("listWidth");
  const depth = useDepth();
  const pane = useRef<HTMLElement>(null);
  // Alone in a narrow window, the list is the main thing.
  const alone = useNarrow() && (depth === "list" || depth === "sub");
  return (
    <div className={styles.split} data-depth={depth} style={{ "--list": `${width / 16}rem` } as CSSProperties}>
      <section ref={pane} id="list" role={alone ? "main" : undefined} aria-label={name} className={styles.list} data-pane="">
        {list}
        <StatusStrip />
        <Sash pane={pane} />
      </section>
      <main className={styles.main} data-pane="">{children}</main>
    </div>
  );
}
