// The seven pictures that two screens compare, in their order, with their names; below the same code as digits.
import { useLingui } from "@lingui/react/macro";
import { Copy } from "lucide-react";
import type { Sas } from "../../../../client-core/bindings/chatty.ts";
import { pictureName } from "../../text/pictures.ts";
import { IconButton } from "../IconButton/IconButton.tsx";
import { toast } from "../Toast/Toast.tsx";
import styles from "./Pictures.module.css";

export interface PicturesProps {
  sas: Sas;
  size?: "small" | "normal";
  /** For people who cannot compare pictures; off where the screen shows them elsewhere. */
  numbers?: boolean;
}

export function Pictures({ sas, size = "normal", numbers = true }: PicturesProps) {
  const { t } = useLingui();
  // Digits are compared with another screen: the same in all languages.
  const digits = sas.numbers.map((number) => String(number).padStart(4, "0")).join(" ");
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(digits);
    toast(t`Numbers copied`);
  }
  return (
    <div className={styles.code} data-size={size}>
      {/* In the order of the other screen, whatever this one's direction. */}
      <ol className={styles.pictures} aria-label={t`Pictures to compare`} dir="ltr">
        {sas.emoji.map((picture, index) => (
          <li key={index} className={styles.picture}>
            <span className={styles.tile} aria-hidden="true">{picture.symbol}</span>
            <bdi className={styles.name}>{pictureName(picture.name)}</bdi>
          </li>
        ))}
      </ol>
      {numbers && (
        <div className={styles.numbers} dir="ltr">
          <span className={styles.digits}>{digits}</span>
          <IconButton label={t`Copy numbers`} size="small" onPress={() => void copy()}><Copy /></IconButton>
        </div>
      )}
    </div>
  );
}
