// What lies over the whole window, loaded when it is first opened or when the page has nothing to do.
import { lazy, Suspense } from "react";
import { useChatty } from "../model/use.ts";
import { closeLayer, useLayer } from "./layers.ts";
import { part } from "./part.ts";

const palettePart = part(() => import("./Palette.tsx").then((found) => ({ default: found.Palette })));
const Palette = lazy(palettePart);
const guidePart = part(() => import("./ShortcutGuide.tsx").then((found) => ({ default: found.ShortcutGuide })));
const ShortcutGuide = lazy(guidePart);
const verifyPart = part(() => import("../features/trust/Verify.tsx").then((found) => ({ default: found.Verify })));
const Verify = lazy(verifyPart);
const alarmsPart = part(() => import("./Alarms.tsx").then((found) => ({ default: found.Alarms })));
const Alarms = lazy(alarmsPart);
export const LAYERS = [palettePart, guidePart, verifyPart, alarmsPart];

/** Above the screens, where there is something to warn of. */
export function Warning() {
  const some = useChatty((state) => state.alarms.some((one) => !one.seen));
  return some && <Suspense><Alarms /></Suspense>;
}

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
