// What went wrong, beside what it concerns; with details for support where a person cannot mend it.
import { useState } from "react";
import { Trans } from "@lingui/react/macro";
import { Copy } from "lucide-react";
import type { ApiError } from "../../../../client-core/bindings/chatty.ts";
import { errorDetails, isForSupport } from "../../text/errors.ts";
import { Button } from "../Button/Button.tsx";
import styles from "./Failure.module.css";

export interface FailureProps {
  /** A call of `useCall`. */
  of: { error: string | undefined; failed: ApiError | undefined };
}

export function Failure({ of: { error, failed } }: FailureProps) {
  return (
    <div className={styles.failure} data-empty={error === undefined || undefined}>
      <p role="alert">{error}</p>
      {failed !== undefined && isForSupport(failed.code) && <CopyDetails error={failed} />}
    </div>
  );
}

/** Puts on the clipboard what support needs, and nothing of the person. */
export function CopyDetails({ error, size = "small" }: { error: ApiError; size?: "small" | "normal" }) {
  const [said, say] = useState<"copied" | "refused">();
  const details = errorDetails(error, new Date());
  const copy = () => void navigator.clipboard.writeText(details).then(() => say("copied"), () => say("refused"));
  return (
    <>
      <Button kind="quiet" size={size} icon={<Copy size={16} />} onPress={copy}><Trans>Copy details</Trans></Button>
      <span role="status" className={styles.said}>
        {said === "copied" && <Trans>Copied.</Trans>}
        {said === "refused" && <bdi dir="ltr" className={styles.details}>{details}</bdi>}
      </span>
    </>
  );
}
