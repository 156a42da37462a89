// Deletions of pages that are gone are done here, and this page's own when it goes.
import type { Model } from "./store.ts";

export function watchDeletions({ store, deletions }: Pick<Model, "store" | "deletions">): void {
  const signedIn = (): boolean => {
    const { stage, who } = store.getState();
    return stage.name === "ready" && who?.device_state === "approved";
  };
  const look = (): void => {
    if (signedIn()) void deletions.takeOver();
  };
  let before = signedIn();
  store.subscribe(() => {
    const now = signedIn();
    if (now && !before) look();
    before = now;
  });
  look();
  // Another page began one, or ended.
  window.addEventListener("storage", look);
  window.addEventListener("pagehide", () => deletions.leave());
}
