// An invite link: who it leads to, before anything is done.
import { useEffect, useState } from "react";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import type { Person } from "../../../../client-core/bindings/chatty.ts";
import { useCall } from "../../app/useCall.ts";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { Button } from "../../components/Button/Button.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { Skeleton } from "../../components/Skeleton/Skeleton.tsx";
import { setup } from "../../model/setup.ts";
import { useApi, useChatty } from "../../model/use.ts";
import { nameOf } from "../../text/names.ts";
import { Step } from "../welcome/Step.tsx";
import { useOpenChat } from "./SayHi.tsx";
import styles from "../welcome/Welcome.module.css";

export function Invite() {
  const who = useChatty((state) => state.who);
  const [link] = useState(() => location.href);
  const ready = who?.device_state === "approved" && who.verified_email;
  useEffect(() => setup.setState({ invite: link }), [link]);
  return ready ? <Meet link={link} /> : <SignUpFirst link={link} />;
}

/** The name in the link; whether it is the right one is looked up once somebody is signed in. */
function handleOf(link: string): string {
  return decodeURIComponent(new URL(link).pathname.split("/")[2] ?? "");
}

function SignUpFirst({ link }: { link: string }) {
  const navigate = useNavigate();
  const handle = handleOf(link);
  return (
    <Step title={<Trans><bdi dir="ltr">@{handle}</bdi> invited you</Trans>} lead={<Trans>Chatty is for private messages. Create an account, then say hi.</Trans>}>
      <div className={styles.middle}><Avatar id={link.split("#")[1] ?? handle} name={handle} size={88} /></div>
      <div className={styles.foot}>
        <Button kind="primary" size="large" block onPress={() => void navigate({ to: "/welcome/create" })}><Trans>Create account</Trans></Button>
        <Button size="large" block onPress={() => void navigate({ to: "/welcome/link" })}><Trans>I already use Chatty</Trans></Button>
      </div>
    </Step>
  );
}

function Meet({ link }: { link: string }) {
  const api = useApi();
  const navigate = useNavigate();
  const looking = useCall();
  const { busy, error, failed, open } = useOpenChat();
  const [person, setPerson] = useState<Person>();
  const { run } = looking;
  useEffect(() => {
    void run(() => api.call("invite.look", { link })).then(setPerson);
    // Looked up once per link: `run` is another function each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [api, link]);
  const away = () => {
    setup.setState({ invite: undefined });
    void navigate({ to: "/chats" });
  };
  const foot = <Button kind="quiet" size="large" block onPress={away}><Trans>Not now</Trans></Button>;
  if (looking.error !== undefined) return <Step title={<Trans>This link doesn't work</Trans>} foot={foot}><Failure of={looking} /></Step>;
  if (person === undefined) return <Step foot={foot}><Skeleton shape="lines" count={3} /></Step>;
  const name = nameOf(person);
  async function say(): Promise<void> {
    setup.setState({ invite: undefined });
    // By the link, which names the account: a handle alone may lead to somebody else by now.
    await open(link);
  }
  return (
    <Step title={<Trans>Say hi to <bdi>{name}</bdi></Trans>} lead={person.handle === undefined ? undefined : <bdi dir="ltr">@{person.handle}</bdi>} foot={foot}>
      <div className={styles.middle}>
        <Avatar id={person.user} name={name} size={120} />
        <p className={styles.hint}><Trans>The link names this very account, so nobody can take its place.</Trans></p>
      </div>
      <Failure of={{ error, failed }} />
      <Button kind="primary" size="large" block busy={busy} onPress={() => void say()}><Trans>Say hi</Trans></Button>
    </Step>
  );
}
