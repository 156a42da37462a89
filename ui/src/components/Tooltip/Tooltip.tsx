// The name of a control that shows no words, when one stays on it or focuses it.
import type { ReactNode } from "react";
import { Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components";
import styles from "./Tooltip.module.css";

export interface TooltipProps {
  text: string;
  /** As the keys are called on this platform, e.g. "Ctrl K". */
  shortcut?: string | undefined;
  placement?: "top" | "bottom" | "start" | "end";
  /** The control; it must be a component of this kit or of react-aria. */
  children: ReactNode;
}

/** For screen readers the control's own label counts, so the bubble is hidden from them. */
export function Tooltip({ text, shortcut, placement = "bottom", children }: TooltipProps) {
  return (
    <TooltipTrigger delay={400} closeDelay={0}>
      {children}
      <AriaTooltip className={styles.tooltip ?? ""} placement={placement} offset={6} aria-hidden="true">
        {text}
        {shortcut !== undefined && <kbd className={styles.keys}>{shortcut}</kbd>}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
