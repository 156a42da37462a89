// A new chat takes the place of the list.
import { Outlet } from "@tanstack/react-router";
import { Panes } from "../../app/Panes.tsx";
import { EmptyPane } from "../chats/ChatPanes.tsx";

export function NewPanes() {
  return <Panes list={<Outlet />}><EmptyPane /></Panes>;
}
