// The number in groups of five, in the order of the other screen whatever this one's direction.
import { useLingui } from "@lingui/react/macro";
import { Copy } from "lucide-react";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { toast } from "../../components/Toast/Toast.tsx";
import styles from "./Verify.module.css";

export function Groups({ groups }: { groups: readonly string[] }) {
  const { t } = useLingui();
  const copy = () => void navigator.clipboard.writeText(groups.join(" ")).then(() => toast(t`Number copied`), () => toast(t`The browser didn't let Chatty copy`));
  return (
    <div className={styles.number}>
      <ol className={styles.groups} aria-label={t`Number to compare`} dir="ltr">
        {/* Digits of one group are read one by one. */}
        {groups.map((group, index) => <li key={index}><span aria-hidden="true">{group}</span><span className={styles.spoken}>{[...group].join(" ")}</span></li>)}
      </ol>
      <IconButton label={t`Copy the number`} onPress={copy}><Copy /></IconButton>
    </div>
  );
}
