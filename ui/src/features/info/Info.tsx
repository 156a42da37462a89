// What there is to know of a chat, and what can be set in it.
import { Trans, useLingui } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import { Archive, ArchiveRestore, Bell, BellOff, Pin, PinOff } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { useCall } from "../../app/useCall.ts";
import { useNow } from "../../app/useNow.ts";
import { FOREVER } from "../../app/commands.ts";
import { useApi, useChatty } from "../../model/use.ts";
import { isMuted, type Chat } from "../chats/rows.ts";
import { Details, useInfo } from "./Details.tsx";
import { GroupInfo } from "./GroupInfo.tsx";
import { PersonInfo } from "./PersonInfo.tsx";
import { Settings } from "./Settings.tsx";
import styles from "./Details.module.css";
import { Failure } from "../../components/Failure/Failure.tsx";

const here = getRouteApi("/app/chats/c/$chat/info");

export function Info() {
  const { chat: id } = here.useParams();
  const chat = useChatty((state) => state.chats.get(id));
  const { close } = useInfo(id);
  if (chat === undefined) return null;
  return (
    <Details title={<Trans>Details</Trans>} close={close}>
      {chat.kind === "group" && <GroupInfo chat={chat} />}
      {chat.with !== undefined && <PersonInfo chat={chat} user={chat.with} />}
      {chat.kind === "self" && <Settings chat={chat} />}
    </Details>
  );
}

/** Pin, mute and archive, on all devices of the account. */
export function Quick({ chat }: { chat: Chat }) {
  const { t } = useLingui();
  const api = useApi();
  const now = useNow();
  const { error, failed, run } = useCall();
  const set = (flags: { pinned?: boolean; archived?: boolean; muted_until_ms?: number }) => void run(() => api.call("chat.set_flags", { chat: chat.id, ...flags }));
  const muted = isMuted(chat, now);
  return (
    <>
      <div className={styles.quick} role="group" aria-label={t`This chat`}>
        <AriaButton onPress={() => set({ pinned: !chat.pinned })}>{chat.pinned ? <PinOff size={20} aria-hidden="true" /> : <Pin size={20} aria-hidden="true" />}{chat.pinned ? <Trans>Unpin</Trans> : <Trans>Pin</Trans>}</AriaButton>
        <AriaButton onPress={() => set({ muted_until_ms: muted ? 0 : FOREVER })}>{muted ? <Bell size={20} aria-hidden="true" /> : <BellOff size={20} aria-hidden="true" />}{muted ? <Trans>Unmute</Trans> : <Trans>Mute</Trans>}</AriaButton>
        <AriaButton onPress={() => set({ archived: !chat.archived })}>{chat.archived ? <ArchiveRestore size={20} aria-hidden="true" /> : <Archive size={20} aria-hidden="true" />}{chat.archived ? <Trans>Take back</Trans> : <Trans>Archive</Trans>}</AriaButton>
      </div>
      <Failure of={{ error, failed }} />
    </>
  );
}
