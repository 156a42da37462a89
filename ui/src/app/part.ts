// Parts of the screens, loaded when they are wanted. One that cannot be had is waited for: the page with all that
// is on it must not go, as it would by loading it again, only because the server is away.

/** Longest pause between two attempts, ms; a browser that is back online tries at once. */
const LONGEST_MS = 10_000;

export interface Around {
  /** Whether the server that has the parts answers. */
  answers(): Promise<boolean>;
  /** Waits that long, less when there is a reason to try before. */
  pause(ms: number): Promise<void>;
}

const BROWSER: Around = {
  // What stands in front of a server that is away may answer for it, with an error.
  answers: () => fetch("/", { method: "HEAD", cache: "no-store" }).then((answer) => answer.ok, () => false),
  pause: (ms) =>
    new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        removeEventListener("online", go);
        resolve();
      };
      const timer = setTimeout(go, ms);
      addEventListener("online", go);
    }),
};

/**
 * How to load a part. It fails only where the server answers and still does not have it, or where a browser remembers
 * a failure: then a newer build is there, and the router loads the page again.
 */
export function part<T>(load: () => Promise<T>, around: Around = BROWSER): () => Promise<T> {
  return async () => {
    for (let wait = 1_000; ; wait = Math.min(wait * 2, LONGEST_MS)) {
      try {
        return await load();
      } catch {
        if (await around.answers()) return await load();
        await around.pause(wait);
      }
    }
  };
}
