// What leads to the comparison, with what is known so far.
import { Trans } from "@lingui/react/macro";
import { ChevronRight, ShieldAlert, ShieldCheck, Shield } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import type { ContactState } from "../../../../client-core/bindings/chatty.ts";
import styles from "../info/Details.module.css";

function words(state: ContactState) {
  switch (state) {
    case "verified":
      return [<ShieldCheck key="" size={20} aria-hidden="true" />, <Trans key="">Verified</Trans>, <Trans key="">See the number, or take it back.</Trans>];
    case "verifiedChanged":
      return [<ShieldAlert key="" size={20} aria-hidden="true" />, <Trans key="">Verify again</Trans>, <Trans key="">The account changed since you compared.</Trans>];
    case "changed":
      return [<ShieldAlert key="" size={20} aria-hidden="true" />, <Trans key="">Check who this is</Trans>, <Trans key="">Compare a number on a call or in person.</Trans>];
    case "new":
    case "known":
      return [<Shield key="" size={20} aria-hidden="true" />, <Trans key="">Verify</Trans>, <Trans key="">Compare a number on a call or in person.</Trans>];
  }
}

export function VerifyRow({ state, onPress }: { state: ContactState; onPress: () => void }) {
  const [icon, title, hint] = words(state);
  return (
    <AriaButton className={styles.row ?? ""} onPress={onPress}>
      {icon}
      <span className={styles.words}>{title}<small>{hint}</small></span>
      <ChevronRight size={16} data-flip="" aria-hidden="true" />
    </AriaButton>
  );
}
