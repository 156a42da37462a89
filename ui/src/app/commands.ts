// What the keys of the window and the palette can do.
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { Filter } from "../features/chats/folders.ts";
import { chosen, isMuted } from "../features/chats/rows.ts";
import { preferences, prefer } from "../model/preferences.ts";
import { useModel } from "../model/use.ts";
import { ask } from "./asks.ts";
import { useDepth } from "./Frame.tsx";
import { PINNED, type Command, type Pinned } from "./keys.ts";
import { openGuide, openPalette } from "./layers.ts";
import { focusPane } from "./panes.ts";

/** Muted until somebody says otherwise. */
export const FOREVER = Number.MAX_SAFE_INTEGER;

/** What each command does, in the window as it is now. */
export function useCommands(): Record<Command, () => void> {
  const { store, api } = useModel();
  const navigate = useNavigate();
  const depth = useDepth();
  const { chat } = useParams({ strict: false }) as { chat?: string };
  const { filter = "all" } = useSearch({ strict: false }) as { filter?: Filter };

  function step(by: 1 | -1, only?: "unread"): void {
    const rows = chosen(store.getState().chats.values(), filter, chat).filter((row) => only === undefined || row.unread > 0 || row.id === chat);
    const at = rows.findIndex((row) => row.id === chat);
    const next = rows[at === -1 ? (by === 1 ? 0 : rows.length - 1) : at + by];
    if (next !== undefined) void navigate({ to: "/c/$chat", params: { chat: next.id }, search: filter === "all" ? {} : { filter } });
  }
  function flag(name: "archive" | "mute"): void {
    const row = chat === undefined ? undefined : store.getState().chats.get(chat);
    if (row === undefined) return;
    const change = name === "archive" ? { archived: !row.archived } : { muted_until_ms: isMuted(row, Date.now()) ? 0 : FOREVER };
    void api.call("chat.set_flags", { chat: row.id, ...change });
  }
  function size(percent: number): void {
    prefer({ textSize: Math.min(200, Math.max(80, percent)) });
  }
  const pinned = (at: number): void => {
    const row = chosen(store.getState().chats.values(), "all").filter((one) => one.pinned)[at];
    if (row !== undefined) void navigate({ to: "/c/$chat", params: { chat: row.id }, search: {} });
  };
  return {
    palette: openPalette,
    searchAll: () => void navigate({ to: "/search" }),
    guide: openGuide,
    new: () => void navigate({ to: "/new" }),
    settings: () => void navigate({ to: "/settings" }),
    details: () => {
      if (chat !== undefined) void navigate({ to: depth === "details" ? "/c/$chat" : "/c/$chat/info", params: { chat } });
    },
    nextPane: () => focusPane(1),
    lastPane: () => focusPane(-1),
    nextChat: () => step(1),
    lastChat: () => step(-1),
    nextUnread: () => step(1, "unread"),
    lastUnread: () => step(-1, "unread"),
    bigger: () => size(preferences.getState().textSize + 10),
    smaller: () => size(preferences.getState().textSize - 10),
    normal: () => size(100),
    archive: () => flag("archive"),
    mute: () => flag("mute"),
    unread: () => void navigate({ to: "/chats", search: { filter: "unread" } }),
    find: () => ask("find"),
    newest: () => ask("newest"),
    emoji: () => ask("emoji"),
    read: () => {
      if (chat !== undefined) void api.call("chat.read", { chat });
    },
    ...(Object.fromEntries(PINNED.map((name, at) => [name, () => pinned(at)])) as Record<Pinned, () => void>),
  };
}
