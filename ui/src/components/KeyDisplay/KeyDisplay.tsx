// The recovery key as it is written down: 8 groups of 5, numbered, always left to right.
import { useLingui } from "@lingui/react/macro";
import styles from "./KeyDisplay.module.css";

/** `value` is the engine's text form; groups are parted by anything that is no symbol. */
export function KeyDisplay({ value }: { value: string }) {
  const { t, i18n } = useLingui();
  const groups = value.split(/[^0-9A-Za-z]+/).filter((group) => group !== "");
  return (
    <ol className={styles.key} aria-label={t`Recovery key`} dir="ltr">
      {groups.map((group, index) => (
        <li key={index} className={styles.group}>
          <span className={styles.number} aria-hidden="true">{i18n.number(index + 1)}</span>
          <span className={styles.symbols}>{group}</span>
        </li>
      ))}
    </ol>
  );
}
