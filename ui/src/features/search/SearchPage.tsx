// All messages on this device that have the words; the list pane while one looks for them.
import { Trans, useLingui } from "@lingui/react/macro";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { SearchField } from "../../components/SearchField/SearchField.tsx";
import type { Narrowing } from "./narrow.ts";
import { SearchResults } from "./SearchResults.tsx";
import styles from "./Search.module.css";

const here = getRouteApi("/app/new/search");

export function SearchPage() {
  const { t } = useLingui();
  const { q = "", ...narrow } = here.useSearch();
  const navigate = useNavigate();
  // The words stand in the address, so that back and reload keep them.
  const look = (text: string): void => void navigate({ to: "/search", search: text === "" ? {} : { ...narrow, q: text }, replace: true });
  const toNarrow = (next: Narrowing): void => void navigate({ to: "/search", search: { q, ...Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) }, replace: true });
  return (
    <>
      <header className={styles.head}>
        <IconButton label={t`Back`} onPress={() => void navigate({ to: "/chats" })}><ChevronLeft data-flip="" /></IconButton>
        <h1 className={styles.title}><Trans>Search messages</Trans></h1>
      </header>
      <div className={styles.field}><SearchField autoFocus label={t`Search all messages`} value={q} onChange={look} /></div>
      <div className={styles.results}>
        <SearchResults text={q} narrow={narrow} onNarrow={toNarrow} onHit={(hit) => void navigate({ to: "/c/$chat", params: { chat: hit.conv }, search: { at: hit.id } })} />
      </div>
    </>
  );
}
