// Asks before something that cannot be taken back. The safe answer comes first and has the focus.
import { type ReactNode } from "react";
import { useLingui } from "@lingui/react/macro";
import { Button } from "../Button/Button.tsx";
import { Dialog } from "../Dialog/Dialog.tsx";

export interface AlertDialogProps {
  title: ReactNode;
  /** What it means, in under 25 words. */
  children: ReactNode;
  /** A verb: "Delete", "Leave". */
  action: string;
  onAction: () => void;
  /** Without it "Cancel". */
  cancel?: string;
  /** Something is destroyed. */
  danger?: boolean;
  busy?: boolean;
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
}

export function AlertDialog({ title, children, action, onAction, cancel, danger = false, busy = false, isOpen, onOpenChange }: AlertDialogProps) {
  const { t } = useLingui();
  const actions = (close: () => void) => (
    <>
      <Button kind="quiet" autoFocus onPress={close}>{cancel ?? t`Cancel`}</Button>
      <Button kind={danger ? "danger" : "primary"} busy={busy} onPress={onAction}>{action}</Button>
    </>
  );
  return (
    <Dialog role="alertdialog" title={title} isOpen={isOpen} onOpenChange={onOpenChange} actions={actions}>
      {children}
    </Dialog>
  );
}
