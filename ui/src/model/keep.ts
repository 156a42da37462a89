// Asks the browser to keep what lies here, once, when there is an account to lose.
import { askToKeep } from "../bridge/storage.ts";
import type { Model } from "./store.ts";

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
