// What stands there while the engine loads, while another tab has it, and when it cannot start.
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "../../components/Button/Button.tsx";
import { CopyDetails } from "../../components/Failure/Failure.tsx";
import { Mark } from "../../components/Mark/Mark.tsx";
import { Spinner } from "../../components/Spinner/Spinner.tsx";
import { useChatty } from "../../model/use.ts";
import { errorText } from "../../text/errors.ts";
import { StartOver } from "./StartOver.tsx";
import styles from "./Starting.module.css";

/** What the browser removed does not come back by a reload. */
const LOST: ReadonlySet<string> = new Set(["vault_missing", "store_missing"]);

export function Starting() {
  const { i18n, t } = useLingui();
  const stage = useChatty((state) => state.stage);
  const reload = <Button kind="primary" onPress={() => location.reload()}><Trans>Reload</Trans></Button>;
  if (stage.name === "waiting") {
    return (
      <main className={styles.start}>
        <Mark className={styles.mark} />
        <h1><Trans>Chatty is open in another tab</Trans></h1>
        <p><Trans>Go on there. When that tab closes, this one takes over.</Trans></p>
      </main>
    );
  }
  if (stage.name === "failed") {
    const words = errorText(stage.error, i18n.locale);
    return (
      <main className={styles.start}>
        <Mark className={styles.mark} />
        <h1>{words.title}</h1>
        <p role="alert">{words.body} {words.next}</p>
        <div className={styles.actions}>{reload}{LOST.has(stage.error.code) && <StartOver />}<CopyDetails error={stage.error} size="normal" /></div>
      </main>
    );
  }
  if (stage.name === "stopped") {
    return (
      <main className={styles.start}>
        <Mark className={styles.mark} />
        <h1><Trans>Chatty has stopped</Trans></h1>
        <p><Trans>What you wrote is kept on this device.</Trans></p>
        <div className={styles.actions}>{reload}</div>
      </main>
    );
  }
  return (
    <main className={styles.start} aria-busy="true">
      <Mark className={styles.mark} />
      <Spinner size={24} label={t`Chatty starts`} />
    </main>
  );
}
