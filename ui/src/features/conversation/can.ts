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

/** The key of an action on a focused message; `undefined` where the key means nothing. */
export function actionOf(key: string): Action | "menu" | undefined {
  const keys: Record<string, Action | "menu"> = { r: "reply", e: "edit", "+": "react", c: "copy", delete: "delete", enter: "menu" };
  return keys[key.toLowerCase()];
}
