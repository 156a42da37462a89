// Messages that have the words, newest first; a press leads to one of them.
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "react-aria-components";
import type { FoundMessage } from "../../../../client-core/bindings/chatty.ts";
import { useNow } from "../../app/useNow.ts";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { Spinner } from "../../components/Spinner/Spinner.tsx";
import { useChatty } from "../../model/use.ts";
import { errorText } from "../../text/errors.ts";
import { listTime } from "../../text/time.ts";
import { inUnits } from "../conversation/pieces.ts";
import { RichText } from "../conversation/RichText.tsx";
import { Coverage } from "./Coverage.tsx";
import styles from "./Search.module.css";
import { snippet } from "./snippet.ts";
import { useSearch } from "./useSearch.ts";

interface Props {
  text: string;
  /** Only in this chat. */
  chat?: string;
  onHit(hit: FoundMessage): void;
}

function Hit({ hit, onPress }: { hit: FoundMessage; onPress: () => void }) {
  const { t, i18n } = useLingui();
  const now = useNow();
  const me = useChatty((state) => state.who?.user);
  const chat = useChatty((state) => state.chats.get(hit.conv));
  const title = chat?.title ?? "";
  const text = hit.text ?? "";
  const short = snippet(text, inUnits(text, hit.snippet));
  return (
    <li>
      <Button className={styles.hit ?? ""} onPress={onPress}>
        <Avatar id={chat?.with ?? hit.conv} name={title} group={chat?.kind === "group"} size={40} />
        <span>
          <span className={styles.line}>
            <bdi className={styles.name}>{hit.from === me && chat?.kind === "direct" ? t`You` : title}</bdi>
            <span className={styles.time}>{listTime(hit.at_ms, now, i18n.locale)}</span>
          </span>
          <span className={styles.words} dir="auto"><RichText text={short.text} spans={[]} linked={false} marks={short.marks} /></span>
        </span>
      </Button>
    </li>
  );
}

export function SearchResults({ text, chat, onHit }: Props) {
  const { t, i18n } = useLingui();
  const { found, busy, error } = useSearch(text, chat);
  if (error !== undefined) return <p role="alert" className={styles.none}>{errorText(error, i18n.locale).title}</p>;
  if (found === undefined) return busy ? <div className={styles.none}><Spinner /></div> : null;
  return (
    <section aria-label={t`Messages found`} aria-busy={busy}>
      <p className={styles.count} role="status"><span><Plural value={found.rows.length} _0="No messages" one="# message" other="# messages" /></span><span><Trans>Newest first</Trans></span></p>
      <ol className={styles.hits}>{found.rows.map((hit) => <Hit key={hit.id} hit={hit} onPress={() => onHit(hit)} />)}</ol>
      <Coverage seen={found.coverage} />
    </section>
  );
}
