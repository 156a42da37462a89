// Everybody one knows here, and the one that was chosen.
import { useState } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { QrCode, UserPlus, Users } from "lucide-react";
import { GridListItem } from "react-aria-components";
import { Panes } from "../../app/Panes.tsx";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { EmptyState } from "../../components/EmptyState/EmptyState.tsx";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { SearchField } from "../../components/SearchField/SearchField.tsx";
import { Skeleton } from "../../components/Skeleton/Skeleton.tsx";
import { TrustBadge } from "../../components/TrustBadge/TrustBadge.tsx";
import { isCalled, nameOf } from "../../text/names.ts";
import list from "../chats/ChatList.module.css";
import pane from "../chats/ChatPanes.module.css";
import row from "../chats/ChatRow.module.css";
import { Rows } from "../chats/Rows.tsx";
import { useEverybody } from "./useEverybody.ts";

export function PeoplePanes() {
  const { t } = useLingui();
  return <Panes name={t`People`} list={<PeopleList />}><Outlet /></Panes>;
}

export function NobodyChosen() {
  return <div className={pane.empty}><EmptyState icon={<Users size={28} />} title={<Trans>People</Trans>}><Trans>Choose somebody in the list.</Trans></EmptyState></div>;
}

function PeopleList() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const everybody = useEverybody();
  const [text, setText] = useState("");
  const { id } = useParams({ strict: false }) as { id?: string };
  const shown = (everybody ?? []).filter((one) => isCalled(one, text)).map((one) => ({ ...one, id: one.user }));
  const none = text.trim() === ""
    ? <EmptyState title={<Trans>Nobody yet.</Trans>}><Trans>People you write with show up here.</Trans></EmptyState>
    : <EmptyState title={<Trans>Nobody has these letters.</Trans>} />;
  return (
    <>
      <header className={list.head}>
        <h1 className={list.title}><Trans>People</Trans></h1>
        <IconButton label={t`My code`} onPress={() => void navigate({ to: "/me/code" })}><QrCode /></IconButton>
        <IconButton label={t`New chat`} onPress={() => void navigate({ to: "/new" })}><UserPlus /></IconButton>
      </header>
      <div className={list.search}><SearchField label={t`Search people`} value={text} onChange={setText} /></div>
      {everybody === undefined ? <Skeleton shape="rows" /> : (
        <Rows label={t`People`} items={shown} empty={none}>
          {(person) => (
            <GridListItem id={person.id} textValue={nameOf(person)} href={`/people/${person.id}`} className={row.row ?? ""} data-current={person.id === id || undefined}>
              <Avatar id={person.user} name={nameOf(person)} size="row" />
              <span className={row.lines}>
                <span className={row.first}><bdi className={row.title}>{nameOf(person)}</bdi><TrustBadge state={person.state} size={14} /></span>
                <span className={row.second}><span className={row.preview}>{person.blocked ? <Trans>Blocked</Trans> : person.name !== undefined && person.handle !== undefined && <bdi dir="ltr">@{person.handle}</bdi>}</span></span>
              </span>
            </GridListItem>
          )}
        </Rows>
      )}
    </>
  );
}
