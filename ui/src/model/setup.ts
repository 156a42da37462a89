// What is left of the first minute: steps that were put off, and the invite that somebody followed.
import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

interface Setup {
  /** Put off until the next start. */
  later: ReadonlySet<"code">;
  /** Address of the mail with the code, as typed here; the engine does not tell it. */
  email: string | undefined;
  /** When another mail may be asked for, Unix ms. */
  resendAt: number;
  /** The invite link that led here. */
  invite: string | undefined;
  /** The name typed at sign-up: the engine takes it when the address is checked. */
  name: string | undefined;
}

export const setup = createStore<Setup>(() => ({ later: new Set(), email: undefined, resendAt: 0, invite: undefined, name: undefined }));

export function useSetup<T>(choose: (now: Setup) => T): T {
  return useStore(setup, choose);
}
