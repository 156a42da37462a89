// Trust as a shape: a ticked shield, an empty one for somebody who was verified once, else nothing.
import { ShieldCheck, Shield } from "lucide-react";
import { useLingui } from "@lingui/react/macro";
import type { ContactState } from "../../../../client-core/bindings/chatty.ts";
import styles from "./TrustBadge.module.css";

export function TrustBadge({ state, size = 16 }: { state: ContactState; size?: number }) {
  const { t } = useLingui();
  if (state === "verified") {
    return <ShieldCheck className={styles.verified} size={size} strokeWidth={1.9} role="img" aria-hidden={false} aria-label={t`Verified`} />;
  }
  if (state === "verifiedChanged") {
    return <Shield className={styles.once} size={size} strokeWidth={1.9} role="img" aria-hidden={false} aria-label={t`Verified before, not any more`} />;
  }
  return null;
}
