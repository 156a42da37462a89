// A new chat takes the place of the list.
import { useLingui } from "@lingui/react/macro";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { Panes } from "../../app/Panes.tsx";
import { EmptyPane } from "../chats/ChatPanes.tsx";

export function NewPanes() {
  const { t } = useLingui();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const name = path.startsWith("/search") ? t`Search messages` : path.startsWith("/new/group") ? t`New group` : t`New chat`;
  return <Panes name={name} list={<Outlet />}><EmptyPane /></Panes>;
}
