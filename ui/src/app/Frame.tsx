// The window of somebody who is signed in: rail or bottom bar, and the panes of the section.
import { useEffect } from "react";
import { Outlet, useMatches, useNavigate } from "@tanstack/react-router";
import { emojiPart } from "../features/conversation/emojiPart.ts";
import { useFreshDevices } from "../model/devices.ts";
import { keepTrustNews } from "../model/trustNews.ts";
import { useModel } from "../model/use.ts";
import { LAYERS, Layers, Warning } from "./Layers.tsx";
import { keepNotifying } from "./notify.ts";
import { BottomBar, Rail } from "./Rail.tsx";
import { SCREENS, type Depth } from "./routes.tsx";
import { useShortcuts } from "./useShortcuts.ts";
import styles from "./Frame.module.css";

/** Which of the panes a narrow window shows: that of the deepest address. */
export function useDepth(): Depth {
  return useMatches({ select: (matches) => matches.map((match) => match.staticData.depth).findLast((depth) => depth !== undefined) }) ?? "list";
}

/** One after the other: a slow line stays free for what a person does. */
async function fetchAll(): Promise<void> {
  for (const screen of SCREENS) await screen.preload?.();
  for (const load of [emojiPart, ...LAYERS]) await load().catch(() => undefined);
}

/** Safari has no idle callback. */
function whenIdle(): () => void {
  if (!("requestIdleCallback" in globalThis)) {
    const timer = setTimeout(() => void fetchAll(), 1_000);
    return () => clearTimeout(timer);
  }
  const id = requestIdleCallback(() => void fetchAll(), { timeout: 5_000 });
  return () => cancelIdleCallback(id);
}

export function Frame() {
  const depth = useDepth();
  const model = useModel();
  const navigate = useNavigate();
  useShortcuts();
  // A new sign-in is shown at the settings within a minute.
  useFreshDevices(60_000);
  useEffect(() => void keepTrustNews(model), [model]);
  useEffect(() => keepNotifying(model, (chat, at) => void navigate({ to: "/c/$chat", params: { chat }, search: { at } })), [model, navigate]);
  useEffect(whenIdle, []);
  return (
    <div className={styles.frame} data-depth={depth}>
      <Warning />
      <div className={styles.app}>
        <Rail />
        <div className={styles.panes}><Outlet /></div>
        <BottomBar />
      </div>
      <Layers />
    </div>
  );
}
