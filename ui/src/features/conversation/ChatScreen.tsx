// The chat of the address with its details, or what stands there while it is a request or not here at all.
import { getRouteApi, Outlet, useNavigate } from "@tanstack/react-router";
import { useDepth } from "../../app/Frame.tsx";
import { useChatty } from "../../model/use.ts";
import { NoChat } from "../chats/NoChat.tsx";
import { RequestCard } from "../chats/RequestCard.tsx";
import { Conversation } from "./Conversation.tsx";
import styles from "./ChatScreen.module.css";

const here = getRouteApi("/app/chats/c/$chat");

export function ChatScreen() {
  const { chat } = here.useParams();
  const { at, q, filter } = here.useSearch();
  const navigate = useNavigate();
  const depth = useDepth();
  const known = useChatty((state) => state.chats.has(chat));
  const request = useChatty((state) => state.requests.get(chat));
  if (request !== undefined) return <RequestCard request={request} />;
  if (!known) return <NoChat />;
  const search = filter === undefined ? {} : { filter };
  const rest = {
    at,
    q,
    onBack: () => void navigate({ to: "/chats", search }),
    onDetails: () => void navigate({ to: depth === "details" ? "/c/$chat" : "/c/$chat/info", params: { chat }, search }),
  };
  return (
    <div className={styles.screen} data-depth={depth}>
      <div className={styles.chat} data-pane=""><Conversation key={chat} chat={chat} {...rest} /></div>
      <Outlet />
    </div>
  );
}
