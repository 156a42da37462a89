// Which chats the list shows. Each is an address, so Back undoes it.
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Filter } from "../../app/routes.tsx";
import { unreadOf, type Chat } from "./rows.ts";
import styles from "./ChatList.module.css";

interface FiltersProps {
  filter: Filter;
  chats: ReadonlyMap<string, Chat>;
  requests: number;
}

export function Filters({ filter, chats, requests }: FiltersProps) {
  const { t, i18n } = useLingui();
  // Only where there is one: most people never archive.
  const archived = [...chats.values()].some((chat) => chat.archived);
  // Without a filter is an address of its own, not a part of every other.
  const exactly = { exact: true, includeSearch: true, explicitUndefined: true };
  const chip = (of: Filter, title: ReactNode, count = 0) => (
    <Link to="." search={(now: object) => ({ ...now, filter: of === "all" ? undefined : of })} activeOptions={exactly} className={styles.chip ?? ""} aria-current={filter === of ? "true" : undefined}>
      {title}
      {count > 0 && <span className={styles.count}>{i18n.number(count)}</span>}
    </Link>
  );
  return (
    <nav className={styles.filters} aria-label={t`Show`}>
      {chip("all", <Trans>All</Trans>)}
      {chip("unread", <Trans>Unread</Trans>, unreadOf(chats.values(), Date.now()))}
      {chip("groups", <Trans>Groups</Trans>)}
      {chip("requests", <Trans>Requests</Trans>, requests)}
      {(archived || filter === "archived") && chip("archived", <Trans>Archived</Trans>)}
    </nav>
  );
}
