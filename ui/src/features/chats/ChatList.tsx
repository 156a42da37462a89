// The list pane: search, filters, chats or requests, and what is left to set up.
import { useMemo } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Search, SquarePen } from "lucide-react";
import { Button } from "react-aria-components";
import { onMac, shown } from "../../app/keys.ts";
import { openPalette } from "../../app/layers.ts";
import { Button as KitButton } from "../../components/Button/Button.tsx";
import { EmptyState } from "../../components/EmptyState/EmptyState.tsx";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { useChatty } from "../../model/use.ts";
import { share, useInviteLink } from "../people/ShareLink.tsx";
import type { Filter } from "./folders.ts";
import { Filters } from "./Filters.tsx";
import { Rows } from "./Rows.tsx";
import { RequestRow } from "./RequestRow.tsx";
import { chosen, sortedRequests } from "./rows.ts";
import { ChatRow } from "./ChatRow.tsx";
import { SetupCard } from "./SetupCard.tsx";
import styles from "./ChatList.module.css";

export function ChatList() {
  const { t } = useLingui();
  const navigate = useNavigate();
  return (
    <>
      <header className={styles.head}>
        <h1 className={styles.title}><Trans>Chats</Trans></h1>
        <IconButton label={t`New chat`} onPress={() => void navigate({ to: "/new" })}><SquarePen /></IconButton>
      </header>
      <div className={styles.search}>
        <Button className={styles.find ?? ""} onPress={openPalette} aria-keyshortcuts={onMac() ? "Meta+K" : "Control+K"}>
          <Search size={18} aria-hidden="true" /><span><Trans>Search</Trans></span><kbd aria-hidden="true">{shown("Mod+K", onMac())}</kbd>
        </Button>
      </div>
      <Content />
      <SetupCard />
    </>
  );
}

function Content() {
  const { t } = useLingui();
  const { filter = "all" } = useSearch({ strict: false }) as { filter?: Filter };
  const { chat: open } = useParams({ strict: false }) as { chat?: string };
  const chats = useChatty((state) => state.chats);
  const requests = useChatty((state) => state.requests);
  const rows = useMemo(() => chosen(chats.values(), filter, open), [chats, filter, open]);
  const asking = useMemo(() => sortedRequests(requests.values()), [requests]);
  // Opening a chat keeps the filter.
  const href = (id: string) => `/c/${id}${filter === "all" ? "" : `?filter=${filter}`}`;
  const list = filter === "requests"
    ? <Rows label={t`Requests`} items={asking} empty={<NoRequests />}>{(request) => <RequestRow request={request} current={request.id === open} href={href(request.id)} />}</Rows>
    : <Rows label={t`Chats`} items={rows} empty={<NoChats filter={filter} />}>{(chat) => <ChatRow chat={chat} current={chat.id === open} href={href(chat.id)} />}</Rows>;
  return (
    <>
      <Filters filter={filter} chats={chats} requests={asking.length} />
      {list}
    </>
  );
}

function NoRequests() {
  return <EmptyState title={<Trans>No requests.</Trans>}><Trans>New people will show up here first.</Trans></EmptyState>;
}

function NoChats({ filter }: { filter: Filter }) {
  const navigate = useNavigate();
  const link = useInviteLink();
  const all = () => void navigate({ to: ".", search: (now: object) => ({ ...now, filter: undefined }) });
  if (filter === "unread") return <EmptyState title={<Trans>All read.</Trans>} action={<KitButton onPress={all}><Trans>Show all chats</Trans></KitButton>} />;
  if (filter === "archived") return <EmptyState title={<Trans>Nothing is archived.</Trans>} action={<KitButton onPress={all}><Trans>Show all chats</Trans></KitButton>} />;
  if (filter === "groups") return <EmptyState title={<Trans>No groups yet.</Trans>} action={<KitButton onPress={() => void navigate({ to: "/new/group" })}><Trans>New group</Trans></KitButton>} />;
  return (
    <EmptyState
      title={<Trans>It's quiet here.</Trans>}
      action={<KitButton kind="primary" isDisabled={link === undefined} onPress={() => void share(link ?? "")}><Trans>Share my link</Trans></KitButton>}
    >
      <Trans>Share your link to start.</Trans>
    </EmptyState>
  );
}
