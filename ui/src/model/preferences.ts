// What a person set for this device only: how the interface looks and behaves. It holds no content
// and no keys, so it lies in the browser's plain storage. What concerns the account is in the engine.
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";

export type Theme = "system" | "light" | "dark" | "contrast" | "contrast-dark";

export interface Preferences {
  theme: Theme;
  density: "cozy" | "compact";
  /** Percent, 80 to 200. */
  textSize: number;
  motion: "system" | "less";
  /** A language of `text/language.ts`, or the browser's. */
  language: string;
  /** Enter sends and Shift+Enter breaks the line; off = Enter breaks the line and Mod+Enter sends. */
  enterSends: boolean;
  /** Whether others see that this person types. */
  tellTyping: boolean;
  /** What a screen reader hears of new messages in the open chat. */
  announce: "off" | "names" | "full";
  /** Single letters act on the focused message (WCAG 2.1.4 lets them be turned off). */
  singleKeys: boolean;
  /** 200 real rows and a button for more, instead of the endless list. */
  plainList: boolean;
  /** Notifications of this browser; `off` until the person asks for them. */
  notify: "off" | "full" | "name" | "hidden";
  notifySound: boolean;
  /** Width of the chat list, px. */
  listWidth: number;
}

export const DEFAULTS: Preferences = {
  theme: "system",
  density: "cozy",
  textSize: 100,
  motion: "system",
  language: "system",
  enterSends: true,
  tellTyping: true,
  announce: "full",
  singleKeys: true,
  plainList: false,
  notify: "off",
  notifySound: true,
  listWidth: 320,
};

const KEY = "chatty.preferences";
export type Place = Pick<Storage, "getItem" | "setItem">;

/** What is stored, as far as it still has the right type. */
export function read(place: Place): Preferences {
  let stored: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(place.getItem(KEY) ?? "{}");
    if (typeof parsed === "object" && parsed !== null) stored = parsed as Record<string, unknown>;
  } catch {
    // Unreadable or forbidden: the defaults hold.
  }
  const known = Object.entries(stored).filter(([key, value]) => key in DEFAULTS && typeof value === typeof DEFAULTS[key as keyof Preferences]);
  return { ...DEFAULTS, ...Object.fromEntries(known) };
}

export function createPreferences(place: Place): StoreApi<Preferences> {
  const store = createStore<Preferences>(() => read(place));
  store.subscribe((now) => {
    try {
      place.setItem(KEY, JSON.stringify(now));
    } catch {
      // A full or forbidden storage: the choice holds until the page goes.
    }
  });
  return store;
}

/** A place for pages whose browser allows no storage, and for tests outside of one. */
export function nowhere(): Place {
  return { getItem: () => null, setItem: () => undefined };
}

export const preferences: StoreApi<Preferences> = createPreferences(globalThis.localStorage ?? nowhere());

export function usePreference<K extends keyof Preferences>(key: K): Preferences[K] {
  return useStore(preferences, (now) => now[key]);
}

export function prefer(change: Partial<Preferences>): void {
  preferences.setState(change);
}
