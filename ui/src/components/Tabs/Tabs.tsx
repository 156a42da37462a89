// Views of one thing, one at a time. `segments` in dialogs, `chips` as filters over a list.
import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";
import styles from "./Tabs.module.css";

export interface TabOf<T extends string> {
  id: T;
  title: ReactNode;
  icon?: ReactNode;
  /** After the title, e.g. how many are unread. */
  count?: ReactNode;
  content: ReactNode;
}

export interface TabsProps<T extends string> {
  label: string;
  kind?: "segments" | "chips";
  tabs: readonly TabOf<T>[];
  selected?: T;
  onSelect?: (tab: T) => void;
}

export function Tabs<T extends string>({ label, kind = "segments", tabs, selected, onSelect }: TabsProps<T>) {
  const choice = selected === undefined ? {} : { selectedKey: selected };
  return (
    <AriaTabs {...choice} onSelectionChange={(key) => onSelect?.(key as T)} className={styles.tabs ?? ""}>
      <TabList aria-label={label} className={styles.list ?? ""} data-kind={kind}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className={styles.tab ?? ""}>
            {tab.icon !== undefined && <span className={styles.icon} aria-hidden="true">{tab.icon}</span>}
            <span>{tab.title}</span>
            {tab.count !== undefined && <span className={styles.count}>{tab.count}</span>}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => <TabPanel key={tab.id} id={tab.id} className={styles.panel ?? ""}>{tab.content}</TabPanel>)}
    </AriaTabs>
  );
}
