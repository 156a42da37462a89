// Who one talks to.
import { Trans, useLingui } from "@lingui/react/macro";
import type { Chat } from "../../../../client-core/bindings/chatty.ts";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { useChatty } from "../../model/use.ts";
import styles from "./Head.module.css";
import type { Names } from "./useNames.ts";

export function Head({ chat, names }: { chat: Chat; names: Names }) {
  const { i18n } = useLingui();
  const typing = useChatty((state) => state.typing.get(chat.id));
  const who = [...(typing ?? [])].map(names.of);
  const list = new Intl.ListFormat(i18n.locale, { type: "unit" });
  return (
    <header className={styles.head}>
      <Avatar id={chat.with ?? chat.id} name={chat.title} group={chat.kind === "group"} size={36} />
      <div className={styles.who}>
        <h2 className={styles.title}><bdi>{chat.title}</bdi></h2>
        {who.length > 0 && <p className={styles.active}><Trans>typing…</Trans></p>}
        {who.length === 0 && chat.kind === "group" && <p className={styles.status}>{list.format(names.members.map((member) => names.of(member.user)))}</p>}
      </div>
    </header>
  );
}
