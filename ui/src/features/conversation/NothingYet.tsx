// A chat without a message: one line and one press to begin.
import { Trans, useLingui } from "@lingui/react/macro";
import type { Chat } from "../../../../client-core/bindings/chatty.ts";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { Button } from "../../components/Button/Button.tsx";
import styles from "./NothingYet.module.css";

export function NothingYet({ chat, onWave }: { chat: Chat; onWave: (() => void) | undefined }) {
  const { t } = useLingui();
  const title = chat.title;
  return (
    <div className={styles.place}>
      <Avatar id={chat.with ?? chat.id} name={title} group={chat.kind === "group"} size={72} />
      <h2 className={styles.title}>{chat.kind === "self" ? <Trans>Notes to yourself</Trans> : <Trans>Say hi to <bdi>{title}</bdi></Trans>}</h2>
      <p>
        {chat.kind === "direct" && <Trans>Only the two of you can read this.</Trans>}
        {chat.kind === "group" && <Trans>Only the members can read this.</Trans>}
        {chat.kind === "self" && <Trans>Only your own devices can read this.</Trans>}
      </p>
      {onWave !== undefined && chat.kind !== "self" && <Button aria-label={t`Wave to ${title}`} onPress={onWave}>👋</Button>}
    </div>
  );
}
