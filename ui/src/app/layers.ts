// What lies over the whole window: the palette, the shortcut guide, verifying a person. One at a time.
import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

type Layer = "palette" | "guide" | { verify: string } | undefined;
const store = createStore<{ open: Layer }>(() => ({ open: undefined }));

export const openPalette = (): void => store.setState({ open: "palette" });
export const openGuide = (): void => store.setState({ open: "guide" });
/** Over whatever screen asked for it; `/people/$id/verify` is its address. */
export const openVerify = (user: string): void => store.setState({ open: { verify: user } });
export const closeLayer = (): void => store.setState({ open: undefined });
export const useLayer = (): Layer => useStore(store, (now) => now.open);
