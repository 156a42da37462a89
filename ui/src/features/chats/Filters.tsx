// Which chats the list shows. Each is an address, so Back undoes it.
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { FOLDERS, type Filter, type Folder, type FolderId } from "./folders.ts";
import { unreadOf, type Chat } from "./rows.ts";
import styles from "./ChatList.module.css";

interface FiltersProps {
  filter: Filter;
  chats: ReadonlyMap<string, Chat>;
  requests: number;
}

export function Filters({ filter, chats, requests }: FiltersProps) {
  const { t, i18n } = useLingui();
  const titles: Record<FolderId, ReactNode> = { all: <Trans>All</Trans>, unread: <Trans>Unread</Trans>, groups: <Trans>Groups</Trans>, archived: <Trans>Archived</Trans> };
  const has = (folder: Folder) => [...chats.values()].some((chat) => folder.has(chat, undefined));
  const shown = FOLDERS.filter((one) => one.always || filter === one.id || has(one));
  // Without a filter is an address of its own, not a part of every other.
  const exactly = { exact: true, includeSearch: true, explicitUndefined: true };
  const chip = (of: Filter, title: ReactNode, count = 0) => (
    <Link key={of} to="." search={(now: object) => ({ ...now, filter: of === "all" ? undefined : of })} activeOptions={exactly} className={styles.chip ?? ""} aria-current={filter === of ? "true" : undefined}>
      {title}
      {count > 0 && <span className={styles.count}>{i18n.number(count)}</span>}
    </Link>
  );
  const folderChip = ({ id, counts }: (typeof FOLDERS)[number]) => chip(id, titles[id], counts ? unreadOf(chats.values(), Date.now()) : 0);
  return (
    <nav className={styles.filters} aria-label={t`Show`}>
      {shown.filter((one) => one.always).map(folderChip)}
      {chip("requests", <Trans>Requests</Trans>, requests)}
      {shown.filter((one) => !one.always).map(folderChip)}
    </nav>
  );
}
