// A button with words. What it does stands on it; an icon may stand before the words.
import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import { Spinner } from "../Spinner/Spinner.tsx";
import styles from "./Button.module.css";

/** One `primary` per surface; `danger` destroys something. `quiet` has no fill. */
export type ButtonKind = "normal" | "primary" | "quiet" | "danger" | "quietDanger";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "style" | "children" | "isPending"> {
  kind?: ButtonKind;
  size?: "small" | "normal" | "large";
  /** As wide as its place. */
  block?: boolean;
  /** The answer is awaited: it keeps the focus but takes no presses. */
  busy?: boolean;
  icon?: ReactNode;
  children: ReactNode;
}

export function Button({ kind = "normal", size = "normal", block = false, busy = false, icon, children, ...rest }: ButtonProps) {
  // Not `isPending`: it announces a progress bar by its id, and nothing has that id when the screen is left.
  const deaf: Partial<AriaButtonProps> = busy ? { onPress: () => undefined, type: "button", "aria-disabled": true } : {};
  return (
    <AriaButton {...rest} {...deaf} className={styles.button ?? ""} data-kind={kind} data-size={size} data-block={block || undefined}>
      {busy ? <Spinner size={16} inline /> : icon !== undefined && <span className={styles.icon} aria-hidden="true">{icon}</span>}
      <span className={styles.words}>{children}</span>
    </AriaButton>
  );
}
