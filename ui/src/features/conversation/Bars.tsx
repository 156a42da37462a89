// What stands in place of the field where one cannot write, and what to do about it (ui.md §2.8 rows
// 5, 18, 23, 25, 26). What was typed is kept.
import { Trans, useLingui } from "@lingui/react/macro";
import { Ban, DoorOpen, Hourglass, ShieldAlert, ShieldQuestionMark, Split } from "lucide-react";
import type { ReactNode } from "react";
import type { Chat } from "../../../../client-core/bindings/chatty.ts";
import { openVerify } from "../../app/layers.ts";
import { useCall } from "../../app/useCall.ts";
import { Banner } from "../../components/Banner/Banner.tsx";
import { Button } from "../../components/Button/Button.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { useApi } from "../../model/use.ts";
import styles from "./Bars.module.css";
import type { Peer } from "./usePeer.ts";

/** Whether the field is there. */
export function canWrite(chat: Chat, peer: Peer): boolean {
  return chat.state === "open" && !peer.blocked && peer.state !== "changed" && peer.state !== "verifiedChanged";
}

function Held({ reason }: { reason: string | undefined }) {
  const { t } = useLingui();
  const update = reason === "made by a newer version of the app";
  return (
    <Banner place="card" icon={<Hourglass />} title={update ? t`Needs a newer Chatty` : t`The members of this chat can't be checked now`} live>
      {update ? <Trans>Somebody changed this chat with a newer version. Update this app to go on. Your draft is kept.</Trans> : <Trans>Another device and yours disagree about this chat. Checking. Your draft is kept.</Trans>}
    </Banner>
  );
}

function Left({ chat }: { chat: Chat }) {
  if (chat.reason === "account deleted") return <Banner place="card" icon={<DoorOpen />}><Trans><bdi>{chat.title}</bdi> deleted the account. What was written stays here.</Trans></Banner>;
  return <Banner place="card" icon={<DoorOpen />}>{chat.kind === "group" ? <Trans>You aren't in this group any more. What was written stays here.</Trans> : <Trans>You left this chat. What was written stays here.</Trans>}</Banner>;
}

function Blocked({ chat, onUnblocked }: { chat: Chat; onUnblocked: () => void }) {
  const api = useApi();
  const unblock = useCall();
  const press = (): void => void unblock.run(() => api.call("person.unblock", { person: chat.with ?? "" })).then(onUnblocked);
  return (
    <Banner place="card" icon={<Ban />} title={<Trans>You blocked <bdi>{chat.title}</bdi></Trans>} actions={<Button busy={unblock.busy} onPress={press}><Trans>Unblock</Trans></Button>}>
      {unblock.error ?? <Trans>You won't get messages or calls.</Trans>}
    </Banner>
  );
}

interface ChangedProps {
  chat: Chat;
  user: string;
  onDone: () => void;
}

/** Somebody verified: nothing leaves until a person decided. */
function VerifiedChanged({ chat, user, onDone }: ChangedProps) {
  const api = useApi();
  const go = useCall();
  const press = (): void => void go.run(() => api.call("person.acknowledge", { user })).then(onDone);
  const actions = (
    <>
      <Button kind="primary" onPress={() => openVerify(user)}><Trans>Verify again</Trans></Button>
      <Button busy={go.busy} onPress={press}><Trans>Continue unverified</Trans></Button>
    </>
  );
  return (
    <Banner kind="stop" place="card" icon={<ShieldAlert />} title={<Trans>Check it's really <bdi>{chat.title}</bdi></Trans>} actions={actions} live>
      <Trans>You verified this person, and the account has changed since. Sending is paused. Your draft is kept.</Trans>
      <Failure of={go} />
    </Banner>
  );
}

/** Somebody who was never compared: said once, without red. */
function Changed({ chat, user, onDone }: ChangedProps) {
  const api = useApi();
  const go = useCall();
  const press = (): void => void go.run(() => api.call("person.acknowledge", { user })).then(onDone);
  const actions = (
    <>
      <Button onPress={() => openVerify(user)}><Trans>Details</Trans></Button>
      <Button kind="primary" busy={go.busy} onPress={press}><Trans>I understand</Trans></Button>
    </>
  );
  return (
    <Banner place="card" icon={<ShieldQuestionMark />} title={<Trans>Maybe not the <bdi>{chat.title}</bdi> you knew</Trans>} actions={actions} live>
      <Trans>Another account has the handle, or the device list was split: somebody starting fresh, or someone else. Your draft is kept.</Trans>
      <Failure of={go} />
    </Banner>
  );
}

function Request({ chat }: { chat: Chat }) {
  const api = useApi();
  const call = useCall();
  const answer = (method: "request.accept" | "request.delete" | "request.block") => () => void call.run(() => api.call(method, { chat: chat.id }));
  const actions = (
    <>
      <Button kind="quietDanger" isDisabled={call.busy} onPress={answer("request.block")}><Trans>Block</Trans></Button>
      <Button isDisabled={call.busy} onPress={answer("request.delete")}><Trans>Delete</Trans></Button>
      <Button kind="primary" busy={call.busy} onPress={answer("request.accept")}><Trans>Accept</Trans></Button>
    </>
  );
  return <Banner place="card" title={<Trans><bdi>{chat.title}</bdi> wants to write to you</Trans>} actions={actions}>{call.error ?? <Trans>They don't see that you read this until you accept.</Trans>}</Banner>;
}

function bar(chat: Chat, peer: Peer): ReactNode {
  switch (chat.state) {
    case "held":
      return <Held reason={chat.reason} />;
    case "frozen":
      return (
        <Banner kind="stop" place="card" icon={<Split />} title={<Trans>This group's member list was split</Trans>} live>
          <Trans>Two signed versions exist. Nothing is sent here. An admin can start a follow-up group.</Trans>
        </Banner>
      );
    case "left":
      return <Left chat={chat} />;
    case "request":
      return <Request chat={chat} />;
    case "open":
      if (peer.blocked) return <Blocked chat={chat} onUnblocked={peer.renew} />;
      if (peer.state === "changed") return <Changed chat={chat} user={chat.with ?? ""} onDone={peer.renew} />;
      return <VerifiedChanged chat={chat} user={chat.with ?? ""} onDone={peer.renew} />;
  }
}

export function Bar({ chat, peer }: { chat: Chat; peer: Peer }) {
  return <div className={styles.place}>{bar(chat, peer)}</div>;
}
