// The way back to the newest message from wherever one reads.
import type { RefObject } from "react";
import type { Timeline } from "../../model/timeline.ts";
import type { ListHandle } from "./VirtualList.tsx";

const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()));

export async function toNewest(timeline: Pick<Timeline, "store" | "toEnd">, list: RefObject<Pick<ListHandle, "toEnd"> | null>): Promise<void> {
  const { newer, ready } = timeline.store.getState();
  const held = newer === "end" && ready;
  await timeline.toEnd();
  if (held) return list.current?.toEnd(true);
  // Other rows came: there is no way to glide along, and their places are known when they are drawn and measured.
  for (let turn = 0; turn < 2; turn++) {
    await frame();
    await frame();
    list.current?.toEnd();
  }
}
