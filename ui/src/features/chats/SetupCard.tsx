// What is left of the first minute, one step at a time.
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ChevronRight, KeyRound, Mail } from "lucide-react";
import { useChatty } from "../../model/use.ts";
import styles from "./ChatList.module.css";

export function SetupCard() {
  const checked = useChatty((state) => state.who?.verified_email);
  const saved = useChatty((state) => state.keySaved);
  if (checked === false) {
    return (
      <Link to="/welcome/code" className={styles.setup ?? ""}>
        <Mail size={24} aria-hidden="true" />
        <span><strong><Trans>Finish setup</Trans></strong><small><Trans>Type the code of the email</Trans></small></span>
        <ChevronRight size={16} data-flip="" aria-hidden="true" />
      </Link>
    );
  }
  if (saved === false) {
    return (
      <Link to="/welcome/key" className={styles.setup ?? ""}>
        <KeyRound size={24} aria-hidden="true" />
        <span><strong><Trans>Finish setup</Trans></strong><small><Trans>Save your recovery key</Trans></small></span>
        <ChevronRight size={16} data-flip="" aria-hidden="true" />
      </Link>
    );
  }
  return null;
}
