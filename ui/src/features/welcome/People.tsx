// The end of the first minute: somebody to talk to.
import { useState } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { ChevronDown, Lock, QrCode as QrIcon } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { Button } from "../../components/Button/Button.tsx";
import { usePerson } from "../../model/people.ts";
import { useSetup } from "../../model/setup.ts";
import { useChatty } from "../../model/use.ts";
import { shortLink } from "../people/invite.ts";
import options from "../people/Options.module.css";
import { QrCode } from "../people/QrCode.tsx";
import { SayHi } from "../people/SayHi.tsx";
import { ShareLink, useInviteLink } from "../people/ShareLink.tsx";
import { Step } from "./Step.tsx";
import styles from "./Welcome.module.css";

export function People() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const who = useChatty((state) => state.who);
  const me = usePerson(who?.user);
  const link = useInviteLink();
  const router = useRouter();
  const invite = useSetup((now) => now.invite);
  const [code, showCode] = useState(false);
  const name = me?.name ?? `@${who?.handle ?? ""}`;
  const foot = <Button kind="quiet" size="large" block onPress={() => void navigate({ to: "/chats" })}><Trans>Go to my chats</Trans></Button>;
  return (
    <Step step={4} title={<Trans>You're in, <bdi>{name}</bdi>.</Trans>} lead={<Trans>Who would you like to talk to?</Trans>} foot={foot}>
      {invite !== undefined && (
        <div className={styles.invite}>
          <div><strong><Trans>You were invited</Trans></strong><bdi dir="ltr">{shortLink(invite)}</bdi></div>
          <Button kind="primary" onPress={() => router.history.push(invite.slice(location.origin.length))}><Trans>Say hi</Trans></Button>
        </div>
      )}
      <SayHi hint={t`If you know somebody's handle.`} />
      <div className={options.box}>
        <ShareLink />
        <AriaButton className={options.option ?? ""} aria-expanded={code} onPress={() => showCode(!code)}>
          <QrIcon size={20} aria-hidden="true" />
          <span className={options.words}><Trans>Show my code</Trans><small><Trans>For somebody next to you</Trans></small></span>
          <ChevronDown size={16} aria-hidden="true" />
        </AriaButton>
      </div>
      {code && link !== undefined && <div className={styles.middle}><QrCode text={link} label={t`Code of my link`} /></div>}
      <p className={styles.lock}><Lock size={16} aria-hidden="true" /><Trans>Chatty never reads your address book.</Trans></p>
    </Step>
  );
}
