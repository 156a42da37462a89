// Whether the window shows one pane at a time.
import { useSyncExternalStore } from "react";

/** As in Frame.module.css. */
const narrow = globalThis.matchMedia?.("(max-width: 639px)");

function listen(listener: () => void): () => void {
  narrow?.addEventListener("change", listener);
  return () => narrow?.removeEventListener("change", listener);
}

export const isNarrow = (): boolean => narrow?.matches ?? false;

export function useNarrow(): boolean {
  return useSyncExternalStore(listen, isNarrow);
}
