// What people reacted with; a press gives or takes one's own.
import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { ToggleButton } from "react-aria-components";
import type { Message } from "../../../../client-core/bindings/chatty.ts";
import { useActions } from "./actions.ts";
import styles from "./Reactions.module.css";

interface Props {
  message: Message;
  me: string;
  disabled: boolean;
}

export function Reactions({ message, me, disabled }: Props) {
  const { t, i18n } = useLingui();
  const actions = useActions();
  return (
    <span className={styles.row} role="group" aria-label={t`Reactions`}>
      {message.reactions.map(({ emoji, by }) => (
        <ToggleButton
          key={emoji}
          className={styles.reaction ?? ""}
          isSelected={by.includes(me)}
          isDisabled={disabled}
          aria-label={`${emoji}, ${plural(by.length, { one: "# person", other: "# people" })}`}
          onChange={(mine) => actions.react(message, mine ? emoji : "")}
        >
          <span className={styles.emoji}>{emoji}</span>
          {i18n.number(by.length)}
        </ToggleButton>
      ))}
    </span>
  );
}
