// The present, to the minute: rows with relative times are drawn anew when it changes.
import { useSyncExternalStore } from "react";

const MINUTE = 60_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let minute = Math.floor(Date.now() / MINUTE);

function wait(): void {
  timer = setTimeout(() => {
    minute = Math.floor(Date.now() / MINUTE);
    wait();
    listeners.forEach((listener) => listener());
  }, MINUTE - (Date.now() % MINUTE));
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) wait();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearTimeout(timer);
  };
}

/** Unix ms, rounded down to the minute. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => minute) * MINUTE;
}
