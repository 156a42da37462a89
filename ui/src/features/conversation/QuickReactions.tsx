// Six emoji at once, all others behind the plus.
import { useLingui } from "@lingui/react/macro";
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { ToggleButton } from "react-aria-components";
import type { Message } from "../../../../client-core/bindings/chatty.ts";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { Spinner } from "../../components/Spinner/Spinner.tsx";
import { emojiPart } from "./emojiPart.ts";
import styles from "./QuickReactions.module.css";

const EmojiPicker = lazy(emojiPart);
const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

interface Props {
  message: Message;
  me: string;
  onReact(emoji: string): void;
}

export function QuickReactions({ message, me, onReact }: Props) {
  const { t } = useLingui();
  const [all, setAll] = useState(false);
  const own = message.reactions.find((reaction) => reaction.by.includes(me))?.emoji;
  if (all) return <Suspense fallback={<Spinner />}><EmojiPicker onEmoji={onReact} /></Suspense>;
  return (
    <div className={styles.row} role="group" aria-label={t`Reactions`}>
      {QUICK.map((emoji) => (
        <ToggleButton key={emoji} className={styles.emoji ?? ""} isSelected={emoji === own} aria-label={emoji} onChange={(mine) => onReact(mine ? emoji : "")}>{emoji}</ToggleButton>
      ))}
      <IconButton label={t`More emoji`} tooltip="none" onPress={() => setAll(true)}><Plus size={20} /></IconButton>
    </div>
  );
}
