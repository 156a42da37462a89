// What stands in a pane whose screen is not here yet.
import { Trans, useLingui } from "@lingui/react/macro";
import { Spinner } from "../components/Spinner/Spinner.tsx";
import { useChatty } from "../model/use.ts";
import styles from "./Fetching.module.css";

export function Fetching() {
  const { t } = useLingui();
  const link = useChatty((state) => state.sync?.link);
  const away = link === "serverDown" || link === "noInternet";
  return (
    <section className={styles.fetching} aria-label={t`Loading`} aria-busy="true">
      <Spinner size={24} />
      {away && <p role="status"><Trans>This screen has not been loaded yet. It opens when the server is back.</Trans></p>}
    </section>
  );
}
