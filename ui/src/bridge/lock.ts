// Web Locks, as things that one holds.

/** A lock that is held. */
export interface Held {
  /** Resolves when somebody took it away. */
  readonly lost: Promise<void>;
  release(): void;
}

export interface Wish {
  /** Take it from whoever has it. */
  steal?: boolean;
  /** Stop waiting. */
  signal?: AbortSignal;
}

/** Waits for a lock; `null` when the waiting was stopped. */
export function take(locks: LockManager, name: string, wish: Wish = {}): Promise<Held | null> {
  return new Promise((granted) => {
    let release = () => {};
    const holding = new Promise<void>((resolve) => (release = resolve));
    let lose = () => {};
    const lost = new Promise<void>((resolve) => (lose = resolve));
    const run = () => {
      granted({ lost, release });
      return holding;
    };
    locks.request(name, wish, run).catch(() => {
      // Stolen after it was granted, or given up before.
      lose();
      granted(null);
    });
  });
}
