// What lies over the whole window, loaded when it is first opened.
import { lazy, Suspense } from "react";
import { closeLayer, useLayer } from "./layers.ts";

const Palette = lazy(() => import("./Palette.tsx").then((part) => ({ default: part.Palette })));
const ShortcutGuide = lazy(() => import("./ShortcutGuide.tsx").then((part) => ({ default: part.ShortcutGuide })));
const Verify = lazy(() => import("../features/trust/Verify.tsx").then((part) => ({ default: part.Verify })));

export function Layers() {
  const open = useLayer();
  return (
    <Suspense>
      {open === "palette" && <Palette />}
      {open === "guide" && <ShortcutGuide />}
      {typeof open === "object" && <Verify user={open.verify} onClose={closeLayer} />}
    </Suspense>
  );
}
