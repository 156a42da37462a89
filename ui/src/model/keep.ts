// Asks the browser to keep what lies here: once by itself, when there is an account to lose, and when somebody wishes it.
import { useState } from "react";
import { askToKeep } from "../bridge/storage.ts";
import type { Model } from "./store.ts";
import { useChatty, useModel } from "./use.ts";

/** The answer stands in the state as `kept`. */
export function keepWhenSignedIn({ store }: Pick<Model, "store">, ask: () => Promise<boolean | null> = askToKeep): void {
  let asked = false;
  store.subscribe(({ who }) => {
    if (asked || who === undefined || who === null) return;
    asked = true;
    // Refused and not known are the same to a person: the browser may remove it.
    void ask().catch(() => null).then((kept) => store.setState({ kept }));
  });
}

/** The browser's answer, and a way to ask again. */
export function useKeep() {
  const { store } = useModel();
  const kept = useChatty((state) => state.kept);
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState(false);
  async function again(): Promise<void> {
    setAsking(true);
    const answer = await askToKeep().catch(() => null);
    store.setState({ kept: answer });
    setRefused(answer !== true);
    setAsking(false);
  }
  return { kept, asking, refused, ask: () => void again() };
}
