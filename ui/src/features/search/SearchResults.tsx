// Messages that have the words, newest first; a press leads to one of them.
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button as AriaButton } from "react-aria-components";
import type { FoundMessage } from "../../../../client-core/bindings/chatty.ts";
import { useNow } from "../../app/useNow.ts";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { Button } from "../../components/Button/Button.tsx";
import { Spinner } from "../../components/Spinner/Spinner.tsx";
import { usePerson } from "../../model/people.ts";
import { useChatty } from "../../model/use.ts";
import { errorText } from "../../text/errors.ts";
import { firstName, nameOf } from "../../text/names.ts";
import { listTime } from "../../text/time.ts";
import { inUnits } from "../conversation/pieces.ts";
import { RichText } from "../conversation/RichText.tsx";
import { Chips } from "./Chips.tsx";
import { Coverage } from "./Coverage.tsx";
import { narrowed, type Narrowing } from "./narrow.ts";
import styles from "./Search.module.css";
import { snippet } from "./snippet.ts";
import { MOST, useSearch } from "./useSearch.ts";

interface Props {
  text: string;
  narrow: Narrowing;
  onNarrow(narrow: Narrowing): void;
  onHit(hit: FoundMessage): void;
}

function Hit({ hit, onPress }: { hit: FoundMessage; onPress: () => void }) {
  const { t, i18n } = useLingui();
  const now = useNow();
  const me = useChatty((state) => state.who?.user);
  const chat = useChatty((state) => state.chats.get(hit.conv));
  // Of a request nothing is known but who asks.
  const author = usePerson(chat?.kind !== "direct" && hit.from !== me ? hit.from : undefined);
  const title = chat?.title ?? (author === undefined ? "" : nameOf(author));
  const text = hit.text ?? "";
  const short = snippet(text, inUnits(text, hit.snippet));
  const who = chat?.kind !== "group" ? undefined : hit.from === me ? t`You` : author && firstName(nameOf(author));
  return (
    <li className={styles.item}>
      <AriaButton className={styles.hit ?? ""} onPress={onPress}>
        <Avatar id={chat?.with ?? hit.conv} name={title} group={chat?.kind === "group"} size={40} />
        <span>
          <span className={styles.line}>
            <bdi className={styles.name}>{hit.from === me && chat?.kind === "direct" ? t`You` : title}</bdi>
            <span className={styles.time}>{listTime(hit.at_ms, now, i18n.locale)}</span>
          </span>
          <span className={styles.words} dir="auto">{who !== undefined && <span className={styles.who}><bdi>{who}</bdi>: </span>}<RichText text={short.text} spans={[]} linked={false} marks={short.marks} /></span>
        </span>
      </AriaButton>
    </li>
  );
}

export function SearchResults({ text, narrow, onNarrow, onHit }: Props) {
  const { i18n } = useLingui();
  const now = useNow();
  const { found, busy, error } = useSearch(text, narrow.chat);
  if (error !== undefined) return <p role="alert" className={styles.none}>{errorText(error, i18n.locale).title}</p>;
  if (found === undefined) return busy ? <div className={styles.none}><Spinner /></div> : null;
  const rows = narrowed(found.rows, narrow, now);
  const all = narrow.chat === undefined && narrow.from === undefined && narrow.since === undefined;
  return (
    <>
      <Chips rows={found.rows} value={narrow} onChange={onNarrow} />
      <Results rows={rows} busy={busy} onHit={onHit} />
      {rows.length === 0 && !all && <p className={styles.none}><Button onPress={() => onNarrow({})}><Trans>Search everywhere</Trans></Button></p>}
      <Coverage seen={found.coverage} {...(found.rows.length >= MOST && { cut: MOST })} />
    </>
  );
}

function Results({ rows, busy, onHit }: { rows: readonly FoundMessage[]; busy: boolean; onHit: Props["onHit"] }) {
  const { t } = useLingui();
  return (
    <section aria-label={t`Messages found`} aria-busy={busy}>
      <p className={styles.count} role="status"><span><Plural value={rows.length} _0="No messages" one="# message" other="# messages" /></span><span><Trans>Newest first</Trans></span></p>
      <ol className={styles.hits}>{rows.map((hit) => <Hit key={hit.id} hit={hit} onPress={() => onHit(hit)} />)}</ol>
    </section>
  );
}
