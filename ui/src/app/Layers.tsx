// What lies over the whole window, loaded when it is first opened or when the page has nothing to do.
import { lazy, Suspense } from "react";
import { closeLayer, useLayer } from "./layers.ts";
import { part } from "./part.ts";

const palettePart = part(() => import("./Palette.tsx").then((found) => ({ default: found.Palette })));
const Palette = lazy(palettePart);
const guidePart = part(() => import("./ShortcutGuide.tsx").then((found) => ({ default: found.ShortcutGuide })));
const ShortcutGuide = lazy(guidePart);
const verifyPart = part(() => import("../features/trust/Verify.tsx").then((found) => ({ default: found.Verify })));
const Verify = lazy(verifyPart);
export const LAYERS = [palettePart, guidePart, verifyPart];

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
