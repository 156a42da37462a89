// The palette and the shortcut guide, loaded when one is first opened.
import { lazy, Suspense } from "react";
import { useLayer } from "./layers.ts";

const Palette = lazy(() => import("./Palette.tsx").then((part) => ({ default: part.Palette })));
const ShortcutGuide = lazy(() => import("./ShortcutGuide.tsx").then((part) => ({ default: part.ShortcutGuide })));

export function Layers() {
  const open = useLayer();
  return (
    <Suspense>
      {open === "palette" && <Palette />}
      {open === "guide" && <ShortcutGuide />}
    </Suspense>
  );
}
