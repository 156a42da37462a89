// What one can do with a message, for every row of a timeline. The same object for the life of an
// open chat, so that rows are not drawn anew for it.
import { createContext, useContext } from "react";
import type { Message } from "../../../../client-core/bindings/chatty.ts";
import type { Action } from "./can.ts";

/** What stands open beside a message. */
export type Layer = "menu" | "sheet" | "react" | "history" | "receipts" | "delete";

export interface Actions {
  /** Does it, or opens what is needed for it. */
  act(action: Action, message: Message): void;
  open(layer: Layer, message: Message): void;
  react(message: Message, emoji: string): void;
  /** Shows a message that another one answers. */
  jump(id: string): void;
}

const Context = createContext<Actions | null>(null);
export const ActionsProvider = Context.Provider;

export function useActions(): Actions {
  const actions = useContext(Context);
  if (actions === null) throw new Error("a message outside of <ActionsProvider>");
  return actions;
}
