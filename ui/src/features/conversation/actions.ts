// What one can do with a message, for every row of a timeline.
import { createContext, useContext } from "react";
import type { Message } from "../../../../client-core/bindings/chatty.ts";

export interface Actions {
  sendAgain(message: Message): void;
}

const Context = createContext<Actions | null>(null);
export const ActionsProvider = Context.Provider;

export function useActions(): Actions {
  const actions = useContext(Context);
  if (actions === null) throw new Error("a message outside of <ActionsProvider>");
  return actions;
}
