// What one must know of a message's sender, said under it.
import { Trans } from "@lingui/react/macro";
import { TriangleAlert } from "lucide-react";
import type { Message } from "../../../../client-core/bindings/chatty.ts";
import styles from "./Foot.module.css";

/** `gone` = the name of who had left already. */
export function Doubts({ message, name, gone }: { message: Message; name: string; gone: string }) {
  const cloned = message.reason === "cloned";
  if (!cloned && message.older_membership === undefined) return null;
  return (
    <p className={styles.doubt}>
      <TriangleAlert size={14} aria-hidden />
      <span>
        {cloned ? <Trans>Two devices write as <bdi>{name}</bdi>. Either may have written this.</Trans> : <Trans>Sent before <bdi>{name}</bdi>'s device knew that <bdi>{gone}</bdi> left.</Trans>}
      </span>
    </p>
  );
}
