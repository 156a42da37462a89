// The other one of a direct chat.
import { Trans } from "@lingui/react/macro";
import { openVerify } from "../../app/layers.ts";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { OnlineMark } from "../../components/OnlineMark/OnlineMark.tsx";
import { TrustBadge } from "../../components/TrustBadge/TrustBadge.tsx";
import { useOnline, usePerson } from "../../model/people.ts";
import type { Chat } from "../chats/rows.ts";
import { BlockRow } from "../people/BlockRow.tsx";
import { TrustWords } from "../people/TrustWords.tsx";
import { VerifyRow } from "../trust/VerifyRow.tsx";
import { Quick } from "./Info.tsx";
import { Settings } from "./Settings.tsx";
import styles from "./Details.module.css";

export function PersonInfo({ chat, user }: { chat: Chat; user: string }) {
  const person = usePerson(user);
  const online = useOnline(user);
  return (
    <>
      <div className={styles.hero}>
        <Avatar id={user} name={chat.title} size={88} />
        <h3><bdi>{chat.title}</bdi>{person !== undefined && <TrustBadge state={person.state} size={18} />}</h3>
        {person?.handle !== undefined && person.name !== undefined && <p className={styles.sec}><bdi dir="ltr">@{person.handle}</bdi></p>}
        {online && <p className={styles.sec}><OnlineMark /></p>}
        {person !== undefined && <p className={styles.sec}><TrustWords state={person.state} /></p>}
      </div>
      <Quick chat={chat} />
      <Settings chat={chat} />
      <hr className={styles.line} />
      <div className={styles.list}>
        {person !== undefined && <VerifyRow state={person.state} onPress={() => openVerify(user)} />}
        <BlockRow user={user} name={chat.title} />
      </div>
      <p className={styles.pad}><span className={styles.sec}><Trans>Only the two of you can read this chat.</Trans></span></p>
    </>
  );
}
