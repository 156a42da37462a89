// A text with its links and the people named in it. The ranges come from the engine: nothing here
// looks for addresses, and nothing makes HTML.
import { Fragment, type ReactNode } from "react";
import type { Span } from "../../../../client-core/bindings/chatty.ts";
import styles from "./Bubble.module.css";
import { pieces, type Mark } from "./pieces.ts";

interface Props {
  text: string;
  spans: readonly Span[];
  /** Links of strangers are words. */
  linked: boolean;
  marks: readonly Mark[] | undefined;
}

export function RichText({ text, spans, linked, marks }: Props) {
  return pieces(text, spans, marks ?? []).map(({ text: part, span, marked, start }) => {
    const words: ReactNode = marked ? <mark>{part}</mark> : part;
    if (span?.kind === "mention") return <bdi key={start} className={styles.mention}>{words}</bdi>;
    if (span?.kind !== "link" || !linked) return <Fragment key={start}>{words}</Fragment>;
    return <a key={start} href={span.target} target="_blank" rel="noopener noreferrer nofollow">{words}</a>;
  });
}
