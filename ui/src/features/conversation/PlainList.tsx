// The list without tricks: 200 real rows and a button for more. For screen readers in browse mode,
// for the browser's own search, and for printing.
import { Trans } from "@lingui/react/macro";
import { useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { Button } from "../../components/Button/Button.tsx";
import type { ListProps } from "./VirtualList.tsx";
import styles from "./VirtualList.module.css";

const STEP = 200;
/** New rows are followed only from this close to the end. */
const FOLLOW_PX = 80;
const QUARTER = 0.25;

export function PlainList({ count, keyOf, render, label, begin, before, onScroll, onEarlier, handle }: ListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const begun = useRef(false);
  const atEnd = useRef(true);
  const [shown, setShown] = useState(STEP);
  const from = Math.max(0, count - shown);
  /** What was the first row, how far its upper edge was from the end: earlier rows must not move what one reads. */
  const held = useRef({ first: "", height: 0 });
  const rowOf = (key: string): HTMLElement | undefined =>
    [...(list.current?.children ?? [])].find((_, index) => keyOf(from + index) === key) as HTMLElement | undefined;
  const toEnd = (): void => void scroller.current?.scrollTo(0, scroller.current.scrollHeight);
  const distance = (): number => {
    const box = scroller.current;
    return box === null ? 0 : box.scrollHeight - box.scrollTop - box.clientHeight;
  };
  /** A row above the first one is drawn in the next turn; who asked, asks again. */
  const reach = (key: string): void => {
    for (let index = 0; index < from; index++) if (keyOf(index) === key) return setShown(count - index + STEP);
  };
  const toKey = (key: string): void => {
    reach(key);
    atEnd.current = false;
    const [row, box] = [rowOf(key), scroller.current];
    if (row !== undefined && box !== null) box.scrollTo(0, row.offsetTop - box.clientHeight * QUARTER);
  };
  useImperativeHandle(handle, () => ({
    get scroller() {
      return scroller.current;
    },
    toEnd,
    toKey,
    show: (key) => {
      reach(key);
      rowOf(key)?.scrollIntoView({ block: "nearest" });
    },
    distanceFromEnd: distance,
    visible: () => {
      const box = scroller.current?.getBoundingClientRect();
      const rows = [...(list.current?.children ?? [])].map((row) => row.getBoundingClientRect());
      if (box === undefined) return [0, -1];
      const seen = rows.flatMap((row, index) => (row.bottom > box.top && row.top < box.bottom ? [from + index] : []));
      return [seen[0] ?? 0, seen.at(-1) ?? -1];
    },
  }));
  const keepPlace = (): void => {
    const [box, rows] = [scroller.current, list.current];
    if (box === null || rows === null || held.current.first === keyOf(from)) return;
    box.scrollTop += rows.offsetHeight - held.current.height;
  };
  useLayoutEffect(() => {
    if (begin === undefined || count === 0) return;
    if (!begun.current) {
      begun.current = true;
      if (begin === "end") toEnd();
      else toKey(begin);
    } else if (atEnd.current) toEnd();
    else keepPlace();
    held.current = { first: keyOf(from), height: list.current?.offsetHeight ?? 0 };
  });
  const earlier = (): void => {
    // The event of the last scroll may still be on its way.
    atEnd.current = distance() <= FOLLOW_PX;
    setShown(shown + STEP);
    if (from === 0) onEarlier?.();
  };
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      data-timeline={count}
      onScroll={() => {
        atEnd.current = distance() <= FOLLOW_PX;
        onScroll();
      }}
    >
      <div className={styles.low}>
        <div className={styles.column}>
          {from > 0 || onEarlier !== undefined ? <div className={styles.earlier}><Button kind="quiet" onPress={earlier}><Trans>Load earlier</Trans></Button></div> : before}
          <ol aria-label={label} ref={list}>
            {Array.from({ length: count - from }, (_, index) => <li key={keyOf(from + index)}>{render(from + index)}</li>)}
          </ol>
        </div>
      </div>
    </div>
  );
}
