// What others learn of you.
import { useEffect, useState } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { CheckCheck, CircleDot, Keyboard } from "lucide-react";
import type { Blocked, ReceiptLevel } from "../../../../../client-core/bindings/chatty.ts";
import { useCall } from "../../../app/useCall.ts";
import { Avatar } from "../../../components/Avatar/Avatar.tsx";
import { Button } from "../../../components/Button/Button.tsx";
import { Failure } from "../../../components/Failure/Failure.tsx";
import { Select } from "../../../components/Select/Select.tsx";
import { Switch } from "../../../components/Switch/Switch.tsx";
import { prefer, usePreference } from "../../../model/preferences.ts";
import { useApi, useChatty } from "../../../model/use.ts";
import { nameOf } from "../../../text/names.ts";
import { Box, Page, Row } from "../parts.tsx";

export function Privacy() {
  const typing = usePreference("tellTyping");
  return (
    <Page title={<Trans>Privacy</Trans>} lead={<Trans>What others learn of you. Your messages are for their readers only, always.</Trans>}>
      <Box title={<Trans>What others see</Trans>}>
        <Receipts />
        <Row id="typing"><Switch icon={<Keyboard size={20} />} isSelected={typing} onChange={(tellTyping) => prefer({ tellTyping })} hint={<Trans>In chats of up to 32 people, while you write on this device.</Trans>}><Trans>Show when I type</Trans></Switch></Row>
        <Online />
      </Box>
      <BlockedPeople />
    </Page>
  );
}

function Receipts() {
  const { t } = useLingui();
  const api = useApi();
  const { error, failed, run } = useCall();
  const [level, setLevel] = useState<ReceiptLevel>();
  useEffect(() => {
    api.call("chat.receipts", {}).then((found) => setLevel(found.level), () => undefined);
  }, [api]);
  async function choose(wanted: ReceiptLevel): Promise<void> {
    const done = await run(() => api.call("chat.set_receipts", { level: wanted }));
    if (done !== undefined) setLevel(done.level);
  }
  const choices = [
    { value: "read", label: t`Delivered and read` },
    { value: "delivered", label: t`Delivered only` },
    { value: "none", label: t`Nothing` },
  ] as const;
  return (
    <Row id="receipts" icon={<CheckCheck size={20} />} title={<Trans>Read receipts</Trans>} hint={<Trans>It holds both ways: who does not tell, is not told. On all your devices.</Trans>}>
      {level !== undefined && <Select label={t`Read receipts`} hideLabel size="small" choices={choices} value={level} onChange={(wanted) => void choose(wanted)} />}
      <Failure of={{ error, failed }} />
    </Row>
  );
}

function Online() {
  const api = useApi();
  const { error, failed, run } = useCall();
  const share = useChatty((state) => state.presence.share);
  return (
    <Row id="online">
      <Switch icon={<CircleDot size={20} />} isSelected={share} onChange={(wanted) => void run(() => api.call("presence.set", { share: wanted }))} hint={<Trans>To people you chat with one to one, if they show it too. Nothing is kept.</Trans>}><Trans>Show when I am online</Trans></Switch>
      <Failure of={{ error, failed }} />
    </Row>
  );
}

function BlockedPeople() {
  const api = useApi();
  const { error, failed, run } = useCall();
  const [people, setPeople] = useState<readonly Blocked[]>();
  useEffect(() => {
    api.call("person.blocked", {}).then(setPeople, () => undefined);
  }, [api]);
  async function unblock(user: string): Promise<void> {
    const done = await run(() => api.call("person.unblock", { person: user }));
    if (done !== undefined) setPeople((now) => now?.filter((one) => one.user !== user));
  }
  return (
    <Box title={<Trans>Blocked people</Trans>}>
      {people?.length === 0 && <Row id="blocked" title={<Trans>Nobody is blocked.</Trans>} />}
      {people?.map((one) => (
        <Row key={one.user} id="blocked" icon={<Avatar id={one.user} name={nameOf(one)} size={36} />} title={<bdi>{nameOf(one)}</bdi>}>
          <Button size="small" onPress={() => void unblock(one.user)}><Trans>Unblock</Trans></Button>
        </Row>
      ))}
      {error !== undefined && <Row><Failure of={{ error, failed }} /></Row>}
    </Box>
  );
}
