// Beside a message that the pointer is over: when, react, answer, more. Never over its text. The
// keyboard has the same in the menu and by single keys.
import { useLingui } from "@lingui/react/macro";
import { Ellipsis, Reply, Smile } from "lucide-react";
import { Toolbar } from "react-aria-components";
import type { Message } from "../../../../client-core/bindings/chatty.ts";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { clock } from "../../text/time.ts";
import { useActions } from "./actions.ts";
import styles from "./HoverBar.module.css";

interface Props {
  message: Message;
  mine: boolean;
  answerable: boolean;
}

export function HoverBar({ message, mine, answerable }: Props) {
  const { t, i18n } = useLingui();
  const actions = useActions();
  return (
    <Toolbar className={`${styles.bar} ${mine ? styles.out : ""}`} aria-label={t`Message actions`}>
      <span className={styles.time}>{clock(message.at_ms, i18n.locale)}</span>
      {answerable && <IconButton size="small" tooltip="top" label={t`React`} onPress={() => actions.open("react", message)}><Smile size={18} /></IconButton>}
      {answerable && <IconButton size="small" tooltip="top" label={t`Reply`} onPress={() => actions.act("reply", message)}><Reply className={styles.flip} size={18} /></IconButton>}
      <IconButton size="small" tooltip="top" label={t`More`} onPress={() => actions.open("menu", message)}><Ellipsis size={18} /></IconButton>
    </Toolbar>
  );
}
