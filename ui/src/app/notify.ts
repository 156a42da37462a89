// Notifications of the browser, while the page is open and nobody looks at it.
import { t } from "@lingui/core/macro";
import type { Message } from "../../../client-core/bindings/chatty.ts";
import { isMuted } from "../features/chats/rows.ts";
import { preferences, type Preferences } from "../model/preferences.ts";
import type { Model, State } from "../model/store.ts";

export interface Notice {
  title: string;
  body: string;
}

/** What a message shows, or nothing: own words, requests and muted chats stay silent, mentions pierce. */
export function noticeOf(message: Message, state: State, level: Preferences["notify"], now: number): Notice | undefined {
  const chat = state.chats.get(message.conv);
  const me = state.who?.user;
  if (level === "off" || chat === undefined || chat.state !== "open" || message.from === me || message.text === null || message.deleted) return undefined;
  const mentioned = me !== undefined && message.mentions?.includes(me) === true;
  if (isMuted(chat, now) && !mentioned) return undefined;
  if (level === "hidden") return { title: t`New message`, body: "" };
  return { title: chat.title, body: level === "full" ? message.text.slice(0, 200) : t`New message` };
}

/** Shows them; a click leads to the message. */
export function keepNotifying(model: Model, open: (chat: string, message: string) => void): () => void {
  // History that comes in after a start is no news.
  const since = Date.now();
  return model.onEvent((event) => {
    if (event.event !== "message.added" || event.message.at_ms < since || globalThis.Notification?.permission !== "granted") return;
    if (document.visibilityState === "visible" && document.hasFocus()) return;
    const { message } = event;
    const notice = noticeOf(message, model.store.getState(), preferences.getState().notify, Date.now());
    if (notice === undefined) return;
    // One per chat: the newest takes the place of the one before.
    const shown = new Notification(notice.title, { body: notice.body, tag: message.conv, icon: "/app.svg" });
    shown.addEventListener("click", () => {
      window.focus();
      shown.close();
      open(message.conv, message.id);
    });
  });
}
