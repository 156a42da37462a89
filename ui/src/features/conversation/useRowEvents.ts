// Pointer, keys and long press on rows, heard once for the whole list.
import { useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent, type RefObject } from "react";
import type { Chat, Message } from "../../../../client-core/bindings/chatty.ts";
import type { Item } from "../../model/timelineItems.ts";
import { usePreference } from "../../model/preferences.ts";
import { useActions } from "./actions.ts";
import { actionOf, can } from "./can.ts";
import { moveTo } from "./moveTo.ts";
import type { ListHandle } from "./VirtualList.tsx";

interface Rows {
  chat: Chat;
  me: string;
  items: readonly Item[];
  byId: ReadonlyMap<string, Message>;
  list: RefObject<ListHandle | null>;
}

const LONG_PRESS_MS = 500;
/** A finger that moves farther scrolls. */
const SLOP_PX = 10;

function rowOf(event: { target: EventTarget }): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>("article[data-id]") : null;
}

export function useRowEvents({ chat, me, items, byId, list }: Rows) {
  const actions = useActions();
  const singleKeys = usePreference("singleKeys");
  const [hovered, setHovered] = useState<string | undefined>(undefined);
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | undefined>(undefined);
  const messageOf = (event: { target: EventTarget }): Message | undefined => byId.get(rowOf(event)?.dataset["id"] ?? "");
  const release = (): void => {
    clearTimeout(press.current?.timer);
    press.current = undefined;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rowOf(event);
    const message = messageOf(event);
    if (row === null || event.target !== row || message === undefined || list.current === null) return;
    if (moveTo(event.key, message.id, items, list.current)) return event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = singleKeys || event.key === "Enter" || event.key === "Delete" ? actionOf(event.key) : undefined;
    if (action === "menu") actions.open("menu", message);
    else if (action !== undefined && can(action, message, message.from === me, chat.state)) actions.act(action, message);
    else return;
    event.preventDefault();
  };
  // Also what Shift+F10 and the menu key send.
  const onContextMenu = (event: MouseEvent): void => {
    const message = messageOf(event);
    // A link keeps the browser's own menu, and so does a text that is marked.
    const own = event.target instanceof Element && event.target.closest("a") !== null;
    if (message === undefined || own || getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    release();
    actions.open("menu", message);
  };
  const onPointerDown = (event: PointerEvent): void => {
    const message = messageOf(event);
    if (event.pointerType !== "touch" || message === undefined) return;
    const timer = setTimeout(() => {
      press.current = undefined;
      actions.open("menu", message);
    }, LONG_PRESS_MS);
    press.current = { timer, x: event.clientX, y: event.clientY };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const from = press.current;
    if (from !== undefined && Math.hypot(event.clientX - from.x, event.clientY - from.y) > SLOP_PX) release();
  };
  const onPointerOver = (event: PointerEvent): void => {
    if (event.pointerType !== "touch") setHovered(rowOf(event)?.dataset["id"]);
  };
  const onPointerLeave = (): void => setHovered(undefined);
  return { hovered, events: { onKeyDown, onContextMenu, onPointerDown, onPointerMove, onPointerOver, onPointerLeave, onPointerUp: release, onPointerCancel: release } };
}
