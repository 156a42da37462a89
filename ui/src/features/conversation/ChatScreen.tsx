// The chat of the address, or what stands there while it is a request or not here at all.
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useChatty } from "../../model/use.ts";
import { RequestCard } from "../chats/RequestCard.tsx";
import { NoChat } from "../chats/NoChat.tsx";
import { Conversation } from "./Conversation.tsx";

const here = getRouteApi("/app/chats/c/$chat");

export function ChatScreen() {
  const { chat } = here.useParams();
  const { at, q } = here.useSearch();
  const navigate = useNavigate();
  const known = useChatty((state) => state.chats.has(chat));
  const request = useChatty((state) => state.requests.get(chat));
  if (request !== undefined) return <RequestCard request={request} />;
  if (!known) return <NoChat />;
  return <Conversation key={chat} chat={chat} at={at} q={q} onBack={() => void navigate({ to: "/chats" })} />;
}
