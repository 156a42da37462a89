// The window of somebody who is signed in: rail or bottom bar, and the panes of the section.
import { Outlet, useMatches } from "@tanstack/react-router";
import { BottomBar, Rail } from "./Rail.tsx";
import type { Depth } from "./routes.tsx";
import styles from "./Frame.module.css";

/** Which of the panes a narrow window shows: that of the deepest address. */
export function useDepth(): Depth {
  return useMatches({ select: (matches) => matches.map((match) => match.staticData.depth).findLast((depth) => depth !== undefined) }) ?? "list";
}

export function Frame() {
  const depth = useDepth();
  return (
    <div className={styles.frame} data-depth={depth}>
      <div className={styles.app}>
        <Rail />
        <div className={styles.panes}><Outlet /></div>
        <BottomBar />
      </div>
    </div>
  );
}
