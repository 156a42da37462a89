// What one must know of a message's sender, said under it.
import { Trans } from "@lingui/react/macro";
import { TriangleAlert } from "lucide-react";
import type { Message } from "../../../../client-core/bindings/chatty.ts";
import styles from "./Foot.module.css";

export function isDoubtful(message: Message): boolean {
  return message.reason === "cloned" || message.older_membership !== undefined;
}

/** `gone` = the name of who had left already; `id` = what describes the message. */
export function Doubts({ message, name, gone, id }: { message: Message; name: string; gone: string; id: string }) {
  const cloned = message.reason === "cloned";
  if (!isDoubtful(message)) return null;
  return (
    <p className={styles.doubt} id={id}>
      <TriangleAlert size={14} aria-hidden />
      <span>
        {cloned ? <Trans>Two devices write as <bdi>{name}</bdi>. Either may have written this.</Trans> : <Trans>Sent before <bdi>{name}</bdi>'s device knew that <bdi>{gone}</bdi> left.</Trans>}
      </span>
    </p>
  );
}
