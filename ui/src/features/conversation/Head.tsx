// Who one talks to, and what is special about the chat.
import { Fragment, type ReactNode } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { ChevronLeft, Info, Search, ShieldAlert, Timer } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import type { Chat, ContactState } from "../../../../client-core/bindings/chatty.ts";
import { openVerify } from "../../app/layers.ts";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { OnlineMark } from "../../components/OnlineMark/OnlineMark.tsx";
import { TrustBadge } from "../../components/TrustBadge/TrustBadge.tsx";
import { useOnline } from "../../model/people.ts";
import { useChatty } from "../../model/use.ts";
import { duration } from "../../text/time.ts";
import styles from "./Head.module.css";
import type { Names } from "./useNames.ts";
import type { Peer } from "./usePeer.ts";

interface Props {
  chat: Chat;
  names: Names;
  peer: Peer;
  onFind(): void;
  onBack?: (() => void) | undefined;
  onDetails?: (() => void) | undefined;
}

function useStatus(chat: Chat, names: Names, peer: Peer): string {
  const { t, i18n } = useLingui();
  const list = new Intl.ListFormat(i18n.locale, { type: "unit" });
  const parts: string[] = [];
  if (peer.state === "verified") parts.push(t`Verified`);
  if (peer.state === "verifiedChanged") parts.push(t`Verified before, changed since`);
  if (peer.state === "changed") parts.push(t`Changed: check who this is`);
  if (chat.kind === "group") parts.push(list.format(names.members.map((member) => names.of(member.user))));
  return parts.join(" · ");
}

/** A picture instead of the words: there is no room for them on a phone. */
function Disappearing({ after }: { after: number }) {
  const { t, i18n } = useLingui();
  const time = duration(after, i18n.locale);
  return <span className={styles.timer} role="img" aria-label={t`Messages disappear after ${time}`} title={t`Messages disappear after ${time}`}><Timer size={14} aria-hidden="true" />{time}</span>;
}

/** A shape for what was compared; where something changed, a way to look. */
function Standing({ user, state }: { user: string | undefined; state: ContactState }) {
  const { t } = useLingui();
  if (user === undefined || (state !== "changed" && state !== "verifiedChanged")) return <TrustBadge state={state} />;
  return (
    <AriaButton className={styles.check ?? ""} data-stop={state === "verifiedChanged" || undefined} aria-label={state === "changed" ? t`Check who this is` : t`Verify again`} onPress={() => openVerify(user)}>
      <ShieldAlert size={16} aria-hidden="true" />
    </AriaButton>
  );
}

export function Head({ chat, names, peer, onFind, onBack, onDetails }: Props) {
  const { t, i18n } = useLingui();
  const typing = useChatty((state) => state.typing.get(chat.id));
  const who = [...(typing ?? [])].map(names.of);
  const status = useStatus(chat, names, peer);
  const online = useOnline(chat.kind === "direct" ? chat.with : undefined);
  const told: ReactNode[] = [online && <OnlineMark />, status, chat.timer_s !== undefined && chat.timer_s > 0 && <Disappearing after={chat.timer_s} />].filter((one) => one !== false && one !== "");
  const typers = new Intl.ListFormat(i18n.locale).format(who);
  return (
    <header className={styles.head}>
      {onBack !== undefined && <span className={styles.back}><IconButton label={t`Back`} onPress={onBack}><ChevronLeft className={styles.flip} /></IconButton></span>}
      <Avatar id={chat.with ?? chat.id} name={chat.title} group={chat.kind === "group"} size={36} />
      <div className={styles.who}>
        <h1 className={styles.title}><bdi>{chat.title}</bdi>{peer.state !== undefined && <Standing user={chat.with} state={peer.state} />}</h1>
        {who.length > 0 ? <p className={styles.active}>{chat.kind === "group" ? <Trans>{typers} typing…</Trans> : <Trans>typing…</Trans>}</p> : told.length > 0 && <p className={styles.status}>{told.map((one, at) => <Fragment key={at}>{at > 0 && " · "}{one}</Fragment>)}</p>}
      </div>
      <div className={styles.acts}>
        <IconButton label={t`Find in chat`} onPress={onFind}><Search /></IconButton>
        {onDetails !== undefined && <IconButton label={t`Details`} onPress={onDetails}><Info /></IconButton>}
      </div>
    </header>
  );
}
