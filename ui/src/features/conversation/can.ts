// What may be done with a message. The engine has the last word; this only hides what it would refuse.
import type { Chat, Message } from "../../../../client-core/bindings/chatty.ts";

export type Action = "reply" | "react" | "copy" | "edit" | "history" | "sendAgain" | "remove" | "delete";

export function can(action: Action, message: Message, mine: boolean, chat: Chat["state"]): boolean {
  const readable = message.text !== null && !message.deleted;
  const failed = message.state === "failed";
  const writable = chat === "open";
  switch (action) {
    case "reply":
    case "react":
      return readable && writable && message.seq !== null;
    case "copy":
      return readable;
    case "edit":
      return readable && writable && mine && message.seq !== null;
    case "history":
      return readable && message.edited;
    case "sendAgain":
      return readable && mine && failed;
    case "remove":
      return mine && (failed || message.state === "waiting");
    case "delete":
      return mine && !message.deleted && writable && message.seq !== null;
  }
}

/** The keys of a focused message, as a keyboard names them. */
export const ACTION_KEYS = { reply: "R", edit: "E", react: "+", copy: "C", delete: "Delete", menu: "Enter" } as const satisfies Partial<Record<Action | "menu", string>>;

/** What a key means on a focused message; `undefined` where it means nothing. */
export function actionOf(key: string): Action | "menu" | undefined {
  const found = Object.entries(ACTION_KEYS).find(([, one]) => one.toLowerCase() === key.toLowerCase());
  return found?.[0] as keyof typeof ACTION_KEYS | undefined;
}
