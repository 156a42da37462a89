// The message that another one answers, in two lines at most; a press leads there.
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, VisuallyHidden } from "react-aria-components";
import type { Message } from "../../../../client-core/bindings/chatty.ts";
import { colourIndex } from "../../text/names.ts";
import { useActions } from "./actions.ts";
import styles from "./Quote.module.css";

interface Props {
  id: string;
  /** `undefined` = not read yet, `null` = it is gone. */
  quoted: Message | null | undefined;
  name: string;
}

export function QuoteText({ quoted }: { quoted: Message | null | undefined }) {
  if (quoted === undefined) return <span>…</span>;
  if (quoted === null) return <Trans>This message isn't here any more.</Trans>;
  if (quoted.deleted) return <Trans>Deleted message</Trans>;
  // More than two lines are never shown; a text can be 64 KiB long.
  return quoted.text === null ? <Trans>Message that can't be read yet</Trans> : <>{quoted.text.slice(0, 300)}</>;
}

export function Quote({ id, quoted, name }: Props) {
  const { t } = useLingui();
  const actions = useActions();
  const colour = quoted ? `var(--name-${colourIndex(quoted.from)})` : "var(--accent)";
  return (
    <Button
      className={styles.quote ?? ""}
      style={{ "--sender": colour } as React.CSSProperties}
      isDisabled={quoted === null}
      onPress={() => actions.jump(id)}
    >
      {/* Before what is seen, so that its words stay part of the button's name. */}
      <VisuallyHidden>{t`Reply to ${name}, show that message`}</VisuallyHidden>
      {quoted && <bdi className={styles.name}>{name}</bdi>}
      <span className={styles.text} dir="auto"><QuoteText quoted={quoted} /></span>
    </Button>
  );
}
