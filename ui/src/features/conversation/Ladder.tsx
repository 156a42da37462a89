// Delivery as a ladder of shapes: clock, one tick, two ticks, two ticks cut out of a pill. A failed
// message shows a circle and words, never a tick.
import { useLingui } from "@lingui/react/macro";
import { CircleAlert, Clock } from "lucide-react";
import type { MessageState } from "../../../../client-core/bindings/chatty.ts";
import styles from "./Foot.module.css";

export type Step = "waiting" | "sent" | "delivered" | "read" | "failed";

export function stepOf(state: MessageState): Step | undefined {
  return state === "waiting" || state === "sent" || state === "delivered" || state === "read" || state === "failed" ? state : undefined;
}

export function useStepWord(): (step: Step) => string {
  const { t } = useLingui();
  return (step) => ({ waiting: t`Waiting`, sent: t`Sent`, delivered: t`Delivered`, read: t`Read`, failed: t`Not sent` })[step];
}

export function Ladder({ step }: { step: Step }) {
  switch (step) {
    case "waiting":
      return <Clock size={13} strokeWidth={2} aria-hidden />;
    case "sent":
      return <svg className={styles.tick} viewBox="0 0 12 12" aria-hidden><path d="m1.800 6.500 3 3 6-7" /></svg>;
    case "delivered":
      return <svg className={styles.tick} viewBox="0 0 18 12" aria-hidden><path d="m1.300 6.500 3 3 6-7M9.300 9.200l.3.3 6-7" /></svg>;
    case "read":
      return (
        <svg className={`${styles.tick} ${styles.read}`} viewBox="0 0 22 12" aria-hidden>
          <rect width="22" height="12" rx="6" />
          <path d="m4.600 6.300 2.200 2.200 4.500-5M11.600 8.300l.2.2 4.500-5" />
        </svg>
      );
    case "failed":
      return <CircleAlert size={14} strokeWidth={2} aria-hidden />;
  }
}
