// A window that comes up from the lower edge of a phone. A swipe, Escape or a press outside puts it away.
import type { ReactNode } from "react";
import { Heading, Sheet as AriaSheet, SheetBackdrop, SheetContent, SheetOverlay, SheetTrigger, VisuallyHidden } from "react-aria-components";
import styles from "./Sheet.module.css";

export { SheetTrigger };

export interface SheetProps {
  title: string;
  /** Where what it holds says it already. */
  hideTitle?: boolean;
  isOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode | ((close: () => void) => ReactNode);
}

export function Sheet({ title, hideTitle = false, isOpen, onOpenChange, children }: SheetProps) {
  const open = { ...(isOpen === undefined ? {} : { isOpen }), ...(onOpenChange === undefined ? {} : { onOpenChange }) };
  const heading = <Heading slot="title" level={2} className={styles.title ?? ""}>{title}</Heading>;
  return (
    <SheetOverlay {...open} position="bottom" className={styles.overlay ?? ""}>
      <SheetBackdrop className={styles.backdrop ?? ""} />
      <AriaSheet className={styles.sheet ?? ""}>
        <SheetContent className={styles.content ?? ""}>
          {({ close }) => (
            <>
              <span className={styles.handle} aria-hidden="true" />
              {hideTitle ? <VisuallyHidden>{heading}</VisuallyHidden> : heading}
              {typeof children === "function" ? children(close) : children}
            </>
          )}
        </SheetContent>
      </AriaSheet>
    </SheetOverlay>
  );
}
