// Emoji for the text: put where the caret stands.
import { useLingui } from "@lingui/react/macro";
import { Smile } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { DialogTrigger } from "react-aria-components";
import { useAnswer } from "../../app/asks.ts";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { Popover } from "../../components/Popover/Popover.tsx";
import { Spinner } from "../../components/Spinner/Spinner.tsx";
import { emojiPart } from "./emojiPart.ts";

const EmojiPicker = lazy(emojiPart);

export function EmojiButton({ onEmoji }: { onEmoji: (emoji: string) => void }) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  useAnswer("emoji", () => setOpen(true));
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <IconButton label={t`Emoji`} tooltip="none"><Smile size={20} /></IconButton>
      <Popover label={t`Emoji`} placement="top end">
        {(close) => (
          <Suspense fallback={<Spinner />}>
            <EmojiPicker
              onEmoji={(emoji) => {
                close();
                onEmoji(emoji);
              }}
            />
          </Suspense>
        )}
      </Popover>
    </DialogTrigger>
  );
}
