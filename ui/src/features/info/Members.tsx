// Who is in a group, what each may do, and whom to invite.
import { useState } from "react";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import { Ellipsis, MessageCircle, ShieldMinus, ShieldPlus, UserMinus } from "lucide-react";
import type { ContactState, Member } from "../../../../client-core/bindings/chatty.ts";
import { useCall } from "../../app/useCall.ts";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { Tag } from "../../components/Badge/Badge.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { Menu, MenuItem, MenuTrigger } from "../../components/Menu/Menu.tsx";
import { SearchField } from "../../components/SearchField/SearchField.tsx";
import { Skeleton } from "../../components/Skeleton/Skeleton.tsx";
import { TrustBadge } from "../../components/TrustBadge/TrustBadge.tsx";
import { useApi, useChatty } from "../../model/use.ts";
import { isCalled, nameOf } from "../../text/names.ts";
import { useOpenChat } from "../people/SayHi.tsx";
import { useEverybody } from "../people/useEverybody.ts";
import { AddPeople } from "./AddPeople.tsx";
import { Details, useInfo } from "./Details.tsx";
import { useMembers } from "./useMembers.ts";
import styles from "./Details.module.css";

const here = getRouteApi("/app/chats/c/$chat/members");

/** With more of them, one types instead of looking. */
const SEARCHED = 12;

/** Admins first, then by name; who was only invited stands last. */
function ordered(members: readonly Member[]): Member[] {
  const weight = (one: Member) => (one.status === "invited" ? 2 : one.role === "admin" ? 0 : 1);
  return [...members].sort((a, b) => weight(a) - weight(b) || nameOf(a).localeCompare(nameOf(b)));
}

export function Members() {
  const { t } = useLingui();
  const { chat } = here.useParams();
  const { close, info } = useInfo(chat);
  const me = useChatty((state) => state.who?.user);
  const members = useMembers(chat);
  const trust = new Map(useEverybody()?.map((one) => [one.user, one.state]));
  const [text, setText] = useState("");
  const admin = members?.some((one) => one.user === me && one.role === "admin" && one.status === "member") ?? false;
  return (
    <Details title={members === undefined ? <Trans>Members</Trans> : <Plural value={members.length} one="# member" other="# members" />} close={close} back={info}>
      {admin && members !== undefined && <AddPeople chat={chat} inside={members.map((one) => one.user)} />}
      {members !== undefined && members.length > SEARCHED && <div className={styles.search}><SearchField label={t`Search members`} value={text} onChange={setText} /></div>}
      {members === undefined ? <Skeleton shape="rows" count={4} /> : <ul className={styles.list}>{ordered(members.filter((one) => isCalled(one, text))).map((member) => <MemberRow key={member.user} chat={chat} member={member} trust={trust.get(member.user)} me={me} admin={admin} />)}</ul>}
    </Details>
  );
}

interface MemberRowProps {
  chat: string;
  member: Member;
  /** Unknown of oneself, and of people never met outside this group. */
  trust: ContactState | undefined;
  me: string | undefined;
  admin: boolean;
}

function MemberRow({ chat, member, trust, me, admin }: MemberRowProps) {
  const { t } = useLingui();
  const api = useApi();
  const { error, failed, run } = useCall();
  const opening = useOpenChat();
  const name = nameOf(member);
  const self = member.user === me;
  function act(what: string): void {
    if (what === "write") void opening.open(`@${member.handle ?? ""}`, member.user);
    if (what === "admin") void run(() => api.call("group.set_role", { chat, person: member.user, role: "admin" }));
    if (what === "member") void run(() => api.call("group.set_role", { chat, person: member.user, role: "member" }));
    if (what === "remove") void run(() => api.call("group.remove", { chat, person: member.user }));
  }
  return (
    <li>
      <div className={styles.member}>
        <Avatar id={member.user} name={name} size={36} />
        <span className={styles.words}><span className={styles.named}><bdi className={styles.name}>{self ? <Trans>You</Trans> : name}</bdi>{trust !== undefined && <TrustBadge state={trust} size={14} />}</span>{member.handle !== undefined && member.name !== undefined && <small className={styles.sec}><bdi dir="ltr">@{member.handle}</bdi></small>}</span>
        <span className={styles.end}>
          {member.status === "invited" ? <Tag><Trans>Invited</Trans></Tag> : member.role === "admin" && <Tag kind="accent"><Trans>Admin</Trans></Tag>}
          {!self && (
            <MenuTrigger>
              <IconButton label={t`Actions for ${name}`} size="small" tooltip="none"><Ellipsis /></IconButton>
              <Menu label={t`Actions for ${name}`} placement="bottom end" onAction={(key) => act(String(key))}>
                <MenuItem id="write" icon={<MessageCircle />}>{t`Message`}</MenuItem>
                {admin && member.status === "member" && member.role === "member" && <MenuItem id="admin" icon={<ShieldPlus />}>{t`Make admin`}</MenuItem>}
                {admin && member.status === "member" && member.role === "admin" && <MenuItem id="member" icon={<ShieldMinus />}>{t`Take admin away`}</MenuItem>}
                {admin && <MenuItem id="remove" icon={<UserMinus />} danger>{member.status === "invited" ? t`Take the invite back` : t`Remove from group`}</MenuItem>}
              </Menu>
            </MenuTrigger>
          )}
        </span>
      </div>
      <Failure of={error === undefined ? opening : { error, failed }} />
    </li>
  );
}
