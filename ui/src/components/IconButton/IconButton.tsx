// A button that shows only a drawing: its name is required, and shown when one stays on it.
import type { ReactNode, Ref } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import { Tooltip } from "../Tooltip/Tooltip.tsx";
import styles from "./IconButton.module.css";

export interface IconButtonProps extends Omit<AriaButtonProps, "className" | "style" | "children" | "aria-label" | "isPending"> {
  /** What it does, in words. */
  label: string;
  /** The drawing, 20 px. */
  children: ReactNode;
  /** `solid` is the accent circle of Send. */
  kind?: "normal" | "solid";
  /** 32 px in toolbars and panels, else 36, or 44 on touch. */
  size?: "small" | "normal";
  /** What it turns on is on. */
  on?: boolean;
  shortcut?: string;
  tooltip?: "top" | "bottom" | "start" | "end" | "none";
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, children, kind = "normal", size = "normal", on, shortcut, tooltip = "bottom", ...rest }: IconButtonProps) {
  const button = (
    <AriaButton {...rest} aria-label={label} className={styles.button ?? ""} data-kind={kind} data-size={size} data-on={on || undefined}>
      {children}
    </AriaButton>
  );
  if (tooltip === "none") return button;
  return <Tooltip text={label} shortcut={shortcut} placement={tooltip}>{button}</Tooltip>;
}
