// What must not be overlooked, over all screens until somebody says to have read it; one at a time, the oldest first.
import type { ReactNode } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import type { AlarmKind } from "../../../client-core/bindings/chatty.ts";
import { Banner } from "../components/Banner/Banner.tsx";
import { Button } from "../components/Button/Button.tsx";
import { afterSeen, type Alarm } from "../model/alarms.ts";
import { usePerson } from "../model/people.ts";
import { useChatty, useModel } from "../model/use.ts";
import { nameOf } from "../text/names.ts";
import { openVerify } from "./layers.ts";

export function Alarms() {
  const { t } = useLingui();
  const { store } = useModel();
  const alarm = useChatty((state) => state.alarms.find((one) => !one.seen));
  if (alarm === undefined) return null;
  const seen = () => store.setState(({ alarms }) => ({ alarms: afterSeen(alarms, alarm.key) }));
  return <section aria-label={t`Warning`}><One key={alarm.key} alarm={alarm} onSeen={seen} /></section>;
}

function One({ alarm, onSeen }: { alarm: Alarm; onSeen: () => void }) {
  const person = usePerson(alarm.user);
  const name = alarm.user === undefined ? undefined : <bdi>{nameOf(person ?? { user: alarm.user })}</bdi>;
  const { title, body } = words(alarm.kind, name);
  const actions = <><NextStep alarm={alarm} onSeen={onSeen} /><Button size="small" onPress={onSeen}><Trans>I understand</Trans></Button></>;
  return <Banner kind="warn" place="bar" live icon={<TriangleAlert size={20} />} title={title} actions={actions}>{body}</Banner>;
}

/** Where something can be done about it. */
function NextStep({ alarm: { kind, user, chat }, onSeen }: { alarm: Alarm; onSeen: () => void }) {
  const navigate = useNavigate();
  const own = user === undefined && (kind === "clone" || kind === "restored" || kind === "storeDamaged");
  function go(): void {
    onSeen();
    if (own) void navigate({ to: "/settings/$page", params: { page: "devices" }, search: {} });
    else if (user !== undefined) openVerify(user);
    else if (chat !== undefined) void navigate({ to: "/c/$chat", params: { chat } });
  }
  if (own) return <Button size="small" kind="quiet" onPress={go}><Trans>My devices</Trans></Button>;
  if (user !== undefined && kind === "deviceLogForked") return <Button size="small" kind="quiet" onPress={go}><Trans>Compare</Trans></Button>;
  if (user === undefined && chat !== undefined) return <Button size="small" kind="quiet" onPress={go}><Trans>Show the chat</Trans></Button>;
  return null;
}

/** What happened, what it means, and what to do (security.md, A15 to A29). */
function words(kind: AlarmKind, name: ReactNode): { title: ReactNode; body: ReactNode } {
  switch (kind) {
    case "clone":
      if (name !== undefined) return { title: <Trans>Two copies of a device of {name} are in use</Trans>, body: <Trans>Chatty sends nothing to it. Ask {name} to remove it and to sign in again.</Trans> };
      return { title: <Trans>Two copies of a device are in use</Trans>, body: <Trans>Somebody may have copied its data. Remove that device, and sign in again in its place.</Trans> };
    case "restored":
      return { title: <Trans>This device was put back from an older copy</Trans>, body: <Trans>Or another copy of it is in use. Keep one of them, and sign in again in the place of the other.</Trans> };
    case "rollback":
      return { title: <Trans>The server shows older data than before</Trans>, body: <Trans>What is on this device stays. Ask who runs the server whether it was put back from a copy.</Trans> };
    case "deviceLogForked":
      if (name !== undefined) return { title: <Trans>The device list of {name} is split in two</Trans>, body: <Trans>The server may show different people different devices. Compare with {name} before you write.</Trans> };
      return { title: <Trans>A device list is split in two</Trans>, body: <Trans>The server may show different people different devices. Compare with them before you write.</Trans> };
    case "removedDevice":
      return { title: <Trans>A removed device may have received messages</Trans>, body: <Trans>Whoever wrote them had not heard of the removal yet. Newer ones don't go there.</Trans> };
    case "storeDamaged":
      return { title: <Trans>Data on this device are damaged</Trans>, body: <Trans>What can still be read is shown. Link another device before you sign out of this one.</Trans> };
    case "clockSkew":
      return { title: <Trans>The clock of this device is wrong</Trans>, body: <Trans>It is more than ten minutes away from the server's, so the times of messages may be wrong. Set it; nothing is lost.</Trans> };
    default:
      return { title: <Trans>Something forged came and is not shown</Trans>, body: <Trans>Your messages are safe. Tell who runs the server.</Trans> };
  }
}
