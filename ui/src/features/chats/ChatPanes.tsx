// The list of chats, and beside it the one that is open.
import { Trans, useLingui } from "@lingui/react/macro";
import { Outlet } from "@tanstack/react-router";
import { MessageCircle } from "lucide-react";
import { Panes } from "../../app/Panes.tsx";
import { EmptyState } from "../../components/EmptyState/EmptyState.tsx";
import { useChatty } from "../../model/use.ts";
import { ChatList } from "./ChatList.tsx";
import styles from "./ChatPanes.module.css";

export function ChatPanes() {
  const { t } = useLingui();
  return <Panes name={t`Chats`} list={<ChatList />}><Outlet /></Panes>;
}

/** Beside the list while no chat is chosen. */
export function EmptyPane() {
  const none = useChatty((state) => state.chats.size === 0);
  return (
    <div className={styles.empty}>
      <EmptyState icon={<MessageCircle size={28} />} title={<Trans>Your chats</Trans>}>{none ? <Trans>They appear here. Only the people in a chat can read it.</Trans> : <Trans>Choose one in the list. Only the people in a chat can read it.</Trans>}</EmptyState>
    </div>
  );
}
