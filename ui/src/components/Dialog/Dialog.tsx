// A window over the page that asks for a choice. Escape and the X are always a safe "not now".
import type { ReactNode } from "react";
import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { Dialog as AriaDialog, DialogTrigger, Heading, Modal, ModalOverlay } from "react-aria-components";
import { IconButton } from "../IconButton/IconButton.tsx";
import styles from "./Dialog.module.css";

export { DialogTrigger };

export interface DialogProps {
  title: ReactNode;
  /** Without both, the `DialogTrigger` around decides. */
  isOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  size?: "normal" | "wide" | "widest";
  /** Buttons, end-aligned; "Not now" first, then the primary one. */
  actions?: ReactNode | ((close: () => void) => ReactNode);
  /** A window whose work a press outside would end takes only its buttons. */
  keepOpen?: boolean;
  role?: "dialog" | "alertdialog";
  children?: ReactNode | ((close: () => void) => ReactNode);
}

export function Dialog({ title, isOpen, onOpenChange, size = "normal", actions, keepOpen = false, role = "dialog", children }: DialogProps) {
  const { t } = useLingui();
  const open = { ...(isOpen === undefined ? {} : { isOpen }), ...(onOpenChange === undefined ? {} : { onOpenChange }) };
  const alert = role === "alertdialog";
  return (
    <ModalOverlay {...open} isDismissable={!keepOpen && !alert} isKeyboardDismissDisabled={keepOpen} className={styles.scrim ?? ""}>
      <Modal className={styles.modal ?? ""} data-size={size}>
        <AriaDialog role={role} className={styles.dialog ?? ""}>
          {({ close }) => (
            <>
              <div className={styles.head}>
                <Heading slot="title" level={2} className={styles.title ?? ""}>{title}</Heading>
                {!keepOpen && !alert && <IconButton label={t`Close`} tooltip="none" onPress={close}><X /></IconButton>}
              </div>
              <div className={styles.body}>{typeof children === "function" ? children(close) : children}</div>
              {actions !== undefined && <div className={styles.actions}>{typeof actions === "function" ? actions(close) : actions}</div>}
            </>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
