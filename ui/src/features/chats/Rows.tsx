// A list of rows of one height, thousands of them: only those in view are in the page.
import type { ReactElement, ReactNode } from "react";
import { GridList, ListLayout, Virtualizer } from "react-aria-components";
import { usePreference } from "../../model/preferences.ts";
import styles from "./ChatList.module.css";

/** Of the tokens `--row`; it grows with the text, so that two lines always fit. */
const HEIGHT = { cozy: 72, compact: 52 } as const;

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
  const rowSize = Math.round(HEIGHT[density] * Math.max(1, text / 100));
  return (
    <Virtualizer layout={ListLayout} layoutOptions={{ rowSize }}>
      <GridList aria-label={label} items={items} className={styles.rows ?? ""} selectionMode="none" dependencies={[children]}>
        {children}
      </GridList>
    </Virtualizer>
  );
}
