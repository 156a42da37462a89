// One's own code: what somebody beside one scans, and the same as a link for everybody else.
import { useState } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { Copy, Share2 } from "lucide-react";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { Button } from "../../components/Button/Button.tsx";
import { Skeleton } from "../../components/Skeleton/Skeleton.tsx";
import { usePerson } from "../../model/people.ts";
import { useChatty } from "../../model/use.ts";
import { nameOf } from "../../text/names.ts";
import { Box, Page, Row } from "../settings/parts.tsx";
import { shortLink } from "./invite.ts";
import { OpenLink } from "./OpenLink.tsx";
import { QrCode } from "./QrCode.tsx";
import { useInviteLink } from "./ShareLink.tsx";
import styles from "./MyCode.module.css";

export function MyCode() {
  const who = useChatty((state) => state.who);
  const { history } = useRouter();
  const navigate = useNavigate();
  if (!who) return null;
  // Many places lead here: back is where one came from.
  const back = () => (history.canGoBack() ? history.back() : void navigate({ to: "/settings" }));
  return (
    <Page title={<Trans>My code</Trans>} back={back} lead={<Trans>Somebody scans it with any camera, or opens the link, and can write to you.</Trans>}>
      <Card user={who.user} handle={who.handle} />
      <Box title={<Trans>Got a link from somebody?</Trans>}>
        <Row><OpenLink /></Row>
      </Box>
    </Page>
  );
}

function Card({ user, handle }: { user: string; handle: string }) {
  const { t } = useLingui();
  const link = useInviteLink();
  const me = usePerson(user);
  const name = nameOf(me ?? { user, handle });
  return (
    <section className={styles.card} aria-label={t`My code`}>
      <Avatar id={user} name={name} size={56} />
      <div>
        <h3 className={styles.name}><bdi>{name}</bdi></h3>
        <p className={styles.hint}><bdi dir="ltr">@{handle}</bdi></p>
      </div>
      {link === undefined ? <Skeleton shape="lines" count={4} /> : <Ways link={link} />}
    </section>
  );
}

function Ways({ link }: { link: string }) {
  const { t } = useLingui();
  const [said, say] = useState<"copied" | "refused">();
  const copy = () => void navigator.clipboard.writeText(link).then(() => say("copied"), () => say("refused"));
  // Closing the system's sheet is an answer too, not a fault.
  const share = () => void navigator.share({ url: link }).catch(() => undefined);
  return (
    <>
      <QrCode text={link} label={t`Code of my link`} />
      <p className={styles.link}><bdi dir="ltr">{shortLink(link)}</bdi></p>
      <div className={styles.actions}>
        {typeof navigator.share === "function" && <Button kind="primary" icon={<Share2 size={18} />} onPress={share}><Trans>Share</Trans></Button>}
        <Button icon={<Copy size={18} />} onPress={copy}><Trans>Copy link</Trans></Button>
      </div>
      <p role="status" className={styles.hint}>
        {said === "copied" && <Trans>Copied. Paste it to somebody you like.</Trans>}
        {said === "refused" && <Trans>The browser didn't let Chatty copy. Here it is whole: <bdi dir="ltr" className={styles.whole}>{link}</bdi></Trans>}
      </p>
    </>
  );
}
