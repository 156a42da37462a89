// Back to the newest message, with how many wait there; first to where one is named.
import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { ChevronDown } from "lucide-react";
import { Button } from "react-aria-components";
import styles from "./Timeline.module.css";

export function JumpButton({ count, named, onPress }: { count: number; named: boolean; onPress: () => void }) {
  const { t, i18n } = useLingui();
  const name = named ? t`Someone named you, go there` : count === 0 ? t`Go to newest` : plural(count, { one: "# new message, go to newest", other: "# new messages, go to newest" });
  return (
    <Button className={styles.jump ?? ""} aria-label={name} onPress={onPress}>
      <ChevronDown size={20} aria-hidden />
      {named ? <span className={styles.badge} aria-hidden>@</span> : count > 0 && <span className={styles.badge} aria-hidden>{count > 99 ? "99+" : i18n.number(count)}</span>}
    </Button>
  );
}
