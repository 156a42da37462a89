// The virtual list alone: its hook hands out one changing object, which the compiler must not keep
// results of (ui.md §3). It knows nothing of messages.
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useImperativeHandle, useLayoutEffect, useRef, useState, type ReactNode, type Ref } from "react";
import styles from "./VirtualList.module.css";

export interface ListHandle {
  scroller: HTMLElement | null;
  toEnd(smooth?: boolean): void;
  /** Brings a row to a quarter of the height from the top. */
  toKey(key: string): void;
  /** Makes sure that a row is on the screen, with as little movement as possible. */
  show(key: string): void;
  distanceFromEnd(): number;
  /** First and last row that can be seen, wholly or in part. */
  visible(): [number, number];
}

export interface ListProps {
  count: number;
  keyOf(index: number): string;
  estimate(index: number): number;
  render(index: number): ReactNode;
  /** Row that stays in the document wherever one scrolls to, so that focus is not lost. */
  keep: string | undefined;
  label: string;
  /** Where to begin, once there are rows: a key, or the end. */
  begin: string | "end" | undefined;
  /** Stands above the first row, and below the last one. */
  before: ReactNode;
  onScroll(): void;
  /** Reads earlier rows, where there are some that are not held. */
  onEarlier: (() => void) | undefined;
  handle: Ref<ListHandle>;
}

/** New rows are followed only from this close to the end. */
const FOLLOW_PX = 80;
/** Height kept free above the first row for what stands there, at least. */
const BEFORE_PX = 44;
const QUARTER = 0.25;

export function VirtualList(props: ListProps) {
  "use no memo";
  const scroller = useRef<HTMLDivElement>(null);
  const begun = useRef(false);
  const atEnd = useRef(true);
  const top = useRef<HTMLDivElement>(null);
  const [above, setAbove] = useState(BEFORE_PX);
  /** Where `scrollToIndex` puts a row: so far below the upper edge. */
  const padding = useRef(0);
  const { count, keyOf, keep } = props;
  const indexOf = (key: string): number => {
    for (let index = count - 1; index >= 0; index--) if (keyOf(index) === key) return index;
    return -1;
  };
  const kept = keep === undefined ? -1 : indexOf(keep);
  const list = useVirtualizer<HTMLDivElement, HTMLLIElement>({
    count,
    getScrollElement: () => scroller.current,
    getItemKey: keyOf,
    estimateSize: props.estimate,
    overscan: 8,
    paddingStart: above,
    paddingEnd: 6,
    scrollPaddingStart: padding.current,
    rangeExtractor: (range) => {
      const drawn = defaultRangeExtractor(range);
      return kept < 0 || drawn.includes(kept) ? drawn : [...drawn, kept].sort((a, b) => a - b);
    },
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: FOLLOW_PX,
    directDomUpdates: true,
    directDomUpdatesMode: "position",
    onChange: () => {
      atEnd.current = distance() <= FOLLOW_PX;
      props.onScroll();
    },
  });
  // From what the list knows: to ask the document after rows were moved costs a layout per frame.
  const distance = (): number => list.getTotalSize() - (list.scrollOffset ?? 0) - (list.scrollRect?.height ?? 0);
  // A field that grows, or a keyboard that opens, takes height from the list: its end stays in sight.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    let height = element.clientHeight;
    const watch = new ResizeObserver(() => {
      // Its first call tells of no change, and would take back a jump that has just begun.
      if (element.clientHeight === height) return;
      height = element.clientHeight;
      if (begun.current && atEnd.current) list.scrollToEnd();
    });
    watch.observe(element);
    const edge = new ResizeObserver(() => setAbove(Math.max(BEFORE_PX, top.current?.offsetHeight ?? 0)));
    if (top.current !== null) edge.observe(top.current);
    return () => {
      watch.disconnect();
      edge.disconnect();
    };
  }, [list]);
  const scrollTo = (key: string, space: number, align: "start" | "auto"): void => {
    const index = indexOf(key);
    padding.current = space;
    list.options.scrollPaddingStart = space;
    if (index < 0) return;
    atEnd.current = false;
    list.scrollToIndex(index, { align });
  };
  const toKey = (key: string): void => scrollTo(key, (scroller.current?.clientHeight ?? 0) * QUARTER, "start");
  useImperativeHandle(props.handle, () => ({
    get scroller() {
      return scroller.current;
    },
    toEnd: (smooth = false) => list.scrollToEnd({ behavior: smooth ? "smooth" : "auto" }),
    toKey,
    show: (key) => scrollTo(key, BEFORE_PX, "auto"),
    distanceFromEnd: distance,
    visible: () => {
      const top = list.scrollOffset ?? 0;
      const bottom = top + (scroller.current?.clientHeight ?? 0);
      const seen = list.getVirtualItems().filter((item) => item.end > top && item.start < bottom);
      return [seen[0]?.index ?? 0, seen.at(-1)?.index ?? -1];
    },
  }));
  useLayoutEffect(() => {
    if (begun.current || props.begin === undefined || count === 0) return;
    begun.current = true;
    if (props.begin === "end") list.scrollToEnd();
    else {
      toKey(props.begin);
      // Rows have their heights in a moment. Nobody wants to begin a line before the end, with that line cut.
      requestAnimationFrame(() => requestAnimationFrame(() => {
        if (scroller.current !== null && distance() <= FOLLOW_PX) list.scrollToEnd();
      }));
    }
  });
  return (
    <div ref={scroller} className={styles.scroller} data-timeline={count}>
      <div className={styles.low}>
        <div className={styles.column}>
          <div className={styles.before} ref={top}>{props.before}</div>
          <ol aria-label={props.label} ref={list.containerRef} className={styles.list}>
            {list.getVirtualItems().map(({ index }) => (
              <li key={keyOf(index)} data-index={index} ref={list.measureElement} className={styles.row}>
                {props.render(index)}
              </li>
            ))}
          </ol>
        </div>
      </div>
    </div>
  );
}
