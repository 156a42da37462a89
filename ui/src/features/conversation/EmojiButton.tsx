// Emoji for the text: put where the caret stands.
import { useLingui } from "@lingui/react/macro";
import { Smile } from "lucide-react";
import { lazy, Suspense } from "react";
import { DialogTrigger } from "react-aria-components";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { Popover } from "../../components/Popover/Popover.tsx";
import { Spinner } from "../../components/Spinner/Spinner.tsx";

const EmojiPicker = lazy(() => import("./EmojiPicker.tsx"));

export function EmojiButton({ onEmoji }: { onEmoji: (emoji: string) => void }) {
  const { t } = useLingui();
  return (
    <DialogTrigger>
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
