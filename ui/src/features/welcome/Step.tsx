// One screen of the way in: a box in the middle of a wide window, the whole of a narrow one.
import type { ReactNode } from "react";
import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import styles from "./Welcome.module.css";

const STEPS = [1, 2, 3, 4] as const;

export interface StepProps {
  title?: ReactNode;
  lead?: ReactNode;
  /** 1 to 4 of the first minute. */
  step?: (typeof STEPS)[number];
  /** Where the arrow leads. */
  back?: string;
  children: ReactNode;
  /** At the lower end. */
  foot?: ReactNode;
}

export function Step({ title, lead, step, back, children, foot }: StepProps) {
  const { t } = useLingui();
  return (
    <div className={styles.page}>
      <main className={styles.box}>
        {back !== undefined && (
          <Link to={back as never} className={styles.back ?? ""} aria-label={t`Back`}><ChevronLeft size={24} data-flip="" aria-hidden="true" /></Link>
        )}
        {step !== undefined && (
          <div className={styles.dots} role="img" aria-label={t`Step ${step} of 4`}>
            {STEPS.map((one) => <span key={one} data-on={one <= step || undefined} />)}
          </div>
        )}
        {title !== undefined && <h1 className={styles.title}>{title}</h1>}
        {lead !== undefined && <p className={styles.lead}>{lead}</p>}
        {children}
        {foot !== undefined && <div className={styles.foot}>{foot}</div>}
      </main>
    </div>
  );
}
