// Somebody new who wrote: no picture, no answer, no receipt until a decision is made.
import { Trans, useLingui } from "@lingui/react/macro";
import { GridListItem } from "react-aria-components";
import type { ChatRequest } from "../../../../client-core/bindings/chatty.ts";
import { useNow } from "../../app/useNow.ts";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { usePerson } from "../../model/people.ts";
import { nameOf } from "../../text/names.ts";
import { listTime } from "../../text/time.ts";
import styles from "./ChatRow.module.css";

export function RequestRow({ request, current, href }: { request: ChatRequest; current: boolean; href: string }) {
  const { t, i18n } = useLingui();
  const now = useNow();
  const person = usePerson(request.from);
  const name = nameOf(person ?? { user: request.from });
  const time = listTime(request.at_ms, now, i18n.locale);
  const preview = request.preview ?? t`wants to write to you`;
  return (
    <GridListItem id={request.id} textValue={[name, t`request`, preview, time].join(", ")} href={href} className={styles.row ?? ""} data-current={current || undefined}>
      <Avatar id={request.from} name={name} size="row" />
      <span className={styles.lines}>
        <span className={styles.first}><bdi className={styles.title}>{name}</bdi><span className={styles.time}>{time}</span></span>
        <span className={styles.second}><span className={styles.preview}>{request.preview === null ? <Trans>wants to write to you</Trans> : <bdi>{preview}</bdi>}</span></span>
      </span>
    </GridListItem>
  );
}
