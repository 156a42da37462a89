// The edge between the list and what was chosen: it can be drawn with a pointer and moved with arrow keys.
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from "react";
import { useLingui } from "@lingui/react/macro";
import { prefer, usePreference } from "../model/preferences.ts";
import { NARROWEST, USUAL, WIDEST, widthAfter, widthAt } from "./sash.ts";
import styles from "./Frame.module.css";

const mirrored = (element: Element): boolean => getComputedStyle(element).direction === "rtl";

export function Sash({ pane }: { pane: RefObject<HTMLElement | null> }) {
  const { t } = useLingui();
  const width = usePreference("listWidth");
  /** How far from the edge the pointer took it; `undefined` = nobody holds it. */
  const [grip, hold] = useState<number>();
  const frame = useRef(0);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  function press(event: KeyboardEvent<HTMLElement>): void {
    const wanted = widthAfter(event.key, width, mirrored(event.currentTarget));
    if (wanted === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    prefer({ listWidth: wanted });
  }
  function move(event: PointerEvent<HTMLElement>): void {
    const list = pane.current?.getBoundingClientRect();
    if (grip === undefined || list === undefined) return;
    const wanted = widthAt(event.clientX - grip, list, mirrored(event.currentTarget), Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
    // Once per frame: each one is laid out and kept.
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => prefer({ listWidth: wanted }));
  }
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t`Width of the list`}
      aria-controls="list"
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      aria-valuenow={width}
      className={styles.sash}
      data-held={grip === undefined ? undefined : ""}
      onKeyDown={press}
      onDoubleClick={() => prefer({ listWidth: USUAL })}
      onPointerDown={(event) => {
        const list = pane.current?.getBoundingClientRect();
        if (event.button !== 0 || list === undefined) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        hold(event.clientX - (mirrored(event.currentTarget) ? list.left : list.right));
      }}
      onPointerMove={move}
      onPointerUp={() => hold(undefined)}
      onPointerCancel={() => hold(undefined)}
    />
  );
}
