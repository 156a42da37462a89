// A small window beside its control, e.g. the people who reacted.
import type { ReactNode, RefObject } from "react";
import { Dialog, Popover as AriaPopover, type PopoverProps as AriaPopoverProps } from "react-aria-components";
import styles from "./Popover.module.css";

export interface PopoverProps extends Omit<AriaPopoverProps, "className" | "style" | "children"> {
  /** What it is, for screen readers. */
  label: string;
  triggerRef?: RefObject<Element | null>;
  children: ReactNode | ((close: () => void) => ReactNode);
}

/** Stands in a `DialogTrigger`, or is opened by `isOpen` beside `triggerRef`. */
export function Popover({ label, children, ...rest }: PopoverProps) {
  return (
    <AriaPopover offset={6} {...rest} className={styles.popover ?? ""}>
      <Dialog aria-label={label} className={styles.dialog ?? ""}>
        {({ close }) => (typeof children === "function" ? children(close) : children)}
      </Dialog>
    </AriaPopover>
  );
}
