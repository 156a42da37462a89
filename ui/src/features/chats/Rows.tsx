// A list of rows of one height, thousands of them: only those in view are in the page.
import type { ReactElement, ReactNode } from "react";
import { GridList, ListLayout, Virtualizer } from "react-aria-components";
import { usePreference } from "../../model/preferences.ts";
import styles from "./ChatList.module.css";

/** Of the token `--row`. */
const HEIGHT = { cozy: 72, compact: 52 } as const;
/** Of two lines of text in it; only they grow with the text. */
const LINES = 44;

export interface RowsProps<T extends { id: string }> {
  label: string;
  items: readonly T[];
  empty: ReactNode;
  children: (item: T) => ReactElement;
}

export function Rows<T extends { id: string }>({ label, items, empty, children }: RowsProps<T>) {
  const density = usePreference("density");
  const text = usePreference("textSize");
  // An empty grid has no rows to announce.
  if (items.length === 0) return <div className={styles.empty}>{empty}</div>;
  const rowSize = HEIGHT[density] + Math.round(LINES * Math.max(0, text / 100 - 1));
  return (
    <Virtualizer layout={ListLayout} layoutOptions={{ rowSize }}>
      <GridList aria-label={label} items={items} className={styles.rows ?? ""} selectionMode="none" dependencies={[children]}>
        {children}
      </GridList>
    </Virtualizer>
  );
}
