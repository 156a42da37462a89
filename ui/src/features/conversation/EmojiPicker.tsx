// All emoji. Its data lies beside the page (vite.config.ts copies it): nothing is asked elsewhere.
import { useLingui } from "@lingui/react/macro";
import { EmojiPicker as Picker, type Locale } from "frimousse";
import styles from "./EmojiPicker.module.css";

/** Languages that have names for emoji; the others read English ones. */
const NAMED: readonly string[] = ["en", "de"];

export default function EmojiPicker({ onEmoji }: { onEmoji: (emoji: string) => void }) {
  const { t, i18n } = useLingui();
  const locale = (NAMED.includes(i18n.locale) ? i18n.locale : "en") as Locale;
  return (
    <Picker.Root className={styles.picker ?? ""} locale={locale} emojibaseUrl="/emoji" columns={8} onEmojiSelect={({ emoji }) => onEmoji(emoji)}>
      <Picker.Search className={styles.search ?? ""} autoFocus aria-label={t`Search emoji`} placeholder={t`Search emoji`} />
      <Picker.Viewport className={styles.viewport ?? ""}>
        <Picker.Loading className={styles.word ?? ""}>{t`Loading`}</Picker.Loading>
        <Picker.Empty className={styles.word ?? ""}>{t`No emoji found.`}</Picker.Empty>
        <Picker.List className={styles.list ?? ""} />
      </Picker.Viewport>
    </Picker.Root>
  );
}
