// What lies over the whole window: the palette and the shortcut guide. One at a time.
import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

type Layer = "palette" | "guide" | undefined;
const store = createStore<{ open: Layer }>(() => ({ open: undefined }));

export const openPalette = (): void => store.setState({ open: "palette" });
export const openGuide = (): void => store.setState({ open: "guide" });
export const closeLayer = (): void => store.setState({ open: undefined });
export const useLayer = (): Layer => useStore(store, (now) => now.open);
