// Looks for words in this chat and goes from hit to hit.
import { Trans, useLingui } from "@lingui/react/macro";
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { Link } from "react-aria-components";
import type { Chat, FoundMessage } from "../../../../client-core/bindings/chatty.ts";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { SearchField } from "../../components/SearchField/SearchField.tsx";
import { Coverage } from "../search/Coverage.tsx";
import { useSearch } from "../search/useSearch.ts";
import styles from "./FindBar.module.css";

interface Props {
  chat: Chat;
  begin: string;
  onHits(hits: readonly FoundMessage[]): void;
  onGo(id: string): void;
  onClose(): void;
}

export function FindBar({ chat, begin, onHits, onGo, onClose }: Props) {
  const { t } = useLingui();
  const [text, setText] = useState(begin);
  const { found, error } = useSearch(text, chat.id);
  const [place, setPlace] = useState(0);
  const hits = found?.rows;
  const go = (index: number): void => {
    const hit = hits?.[index];
    if (hit === undefined) return;
    setPlace(index);
    onGo(hit.id);
  };
  const arrived = useEffectEvent((rows: readonly FoundMessage[]) => {
    onHits(rows);
    go(0);
  });
  // Each answer leads to its newest hit.
  useEffect(() => arrived(hits ?? []), [hits]);
  const count = hits?.length ?? 0;
  const current = place + 1;
  return (
    <search className={styles.find} onKeyDown={(event) => event.key === "Escape" && text === "" && onClose()}>
      <div className={styles.line}>
        <div className={styles.field}>
          <SearchField autoFocus label={t`Find in ${chat.title}`} value={text} onChange={setText} onSubmit={() => go((place + 1) % Math.max(count, 1))} />
        </div>
        <span className={styles.count} role="status">
          {error !== undefined && <Trans>Search doesn't work now.</Trans>}
          {found !== undefined && count === 0 && <Trans>No matches in <bdi>{chat.title}</bdi>.</Trans>}
          {count > 0 && <Trans>{current} of {count} in this chat</Trans>}
        </span>
        <IconButton size="small" label={t`Older match`} isDisabled={place + 1 >= count} onPress={() => go(place + 1)}><ChevronUp size={18} /></IconButton>
        <IconButton size="small" label={t`Newer match`} isDisabled={place === 0 || count === 0} onPress={() => go(place - 1)}><ChevronDown size={18} /></IconButton>
        <IconButton size="small" label={t`Close search`} onPress={onClose}><X size={18} /></IconButton>
      </div>
      {found !== undefined && count === 0 && <p className={styles.elsewhere}><Link href={`/search?q=${encodeURIComponent(JSON.stringify(text.trim()))}`}><Trans>Search everywhere</Trans></Link></p>}
      {found !== undefined && <Coverage seen={found.coverage} />}
    </search>
  );
}
