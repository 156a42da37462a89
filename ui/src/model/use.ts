// How a component reads the model.
import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { Client } from "../../../client-core/bindings/chatty.ts";
import type { Model, State } from "./store.ts";

const Context = createContext<Model | null>(null);
export const ModelProvider = Context.Provider;

export function useModel(): Model {
  const model = useContext(Context);
  if (model === null) throw new Error("a screen outside of <ModelProvider>");
  return model;
}

export const useApi = (): Client => useModel().api;

/** What `choose` finds; drawn anew when it is another object. */
export function useChatty<T>(choose: (state: State) => T): T {
  return useStore(useModel().store, choose);
}
