// What opens beside a message: its menu or sheet, the emoji, earlier versions, the question before
// it is deleted. One of each for a whole timeline.
import { Trans, useLingui } from "@lingui/react/macro";
import { Copy, History as Past, Pencil, Reply, RotateCcw, Smile, Trash2, X } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import type { Chat, Message } from "../../../../client-core/bindings/chatty.ts";
import { AlertDialog } from "../../components/AlertDialog/AlertDialog.tsx";
import { Button } from "../../components/Button/Button.tsx";
import { Menu, MenuItem } from "../../components/Menu/Menu.tsx";
import { Popover } from "../../components/Popover/Popover.tsx";
import { Sheet } from "../../components/Sheet/Sheet.tsx";
import type { Layer } from "./actions.ts";
import { can, type Action } from "./can.ts";
import { Earlier } from "./Earlier.tsx";
import styles from "./MessageLayers.module.css";
import { QuickReactions } from "./QuickReactions.tsx";
import { Receipts } from "./ReadBy.tsx";
import type { Names } from "./useNames.ts";

interface Entry {
  action: Action;
  words: string;
  icon: ReactNode;
  keys?: string;
  danger?: boolean;
}

function useEntries(): Entry[] {
  const { t } = useLingui();
  return [
    { action: "sendAgain", words: t`Try again`, icon: <RotateCcw /> },
    { action: "reply", words: t`Reply`, icon: <Reply />, keys: "R" },
    { action: "react", words: t`React`, icon: <Smile />, keys: "+" },
    { action: "copy", words: t`Copy`, icon: <Copy />, keys: "C" },
    { action: "edit", words: t`Edit`, icon: <Pencil />, keys: "E" },
    { action: "history", words: t`Earlier versions`, icon: <Past /> },
    { action: "remove", words: t`Remove`, icon: <X />, danger: true },
    { action: "delete", words: t`Delete for everyone`, icon: <Trash2 />, keys: "Del", danger: true },
  ];
}

interface Props {
  chat: Chat;
  message: Message;
  mine: boolean;
  names: Names;
  layer: Layer;
  anchor: RefObject<Element | null>;
  onAct(action: Action): void;
  onReact(emoji: string): void;
  onDelete(): void;
  onClose(): void;
}

export function MessageLayers({ chat, message, mine, names, layer, anchor, onAct, onReact, onDelete, onClose }: Props) {
  const { t } = useLingui();
  const entries = useEntries().filter(({ action }) => can(action, message, mine, chat.state));
  const onOpenChange = (open: boolean): void => {
    if (!open) onClose();
  };
  const quick = <QuickReactions message={message} me={names.me} onReact={onReact} />;
  switch (layer) {
    case "menu":
      return (
        <Menu label={t`Message actions`} triggerRef={anchor} isOpen onOpenChange={onOpenChange} placement={mine ? "bottom end" : "bottom start"} onAction={(key) => onAct(key as Action)}>
          {entries.map(({ action, words, icon, keys, danger }) => (
            <MenuItem key={action} id={action} icon={icon} danger={danger ?? false} {...(keys !== undefined && { shortcut: keys })}>{words}</MenuItem>
          ))}
        </Menu>
      );
    case "sheet":
      return (
        <Sheet title={t`Message actions`} hideTitle isOpen onOpenChange={onOpenChange}>
          {can("react", message, mine, chat.state) && quick}
          <div className={styles.entries}>
            {entries.filter(({ action }) => action !== "react").map(({ action, words, icon, danger }) => (
              <Button key={action} kind={danger === true ? "quietDanger" : "quiet"} size="large" block icon={icon} onPress={() => onAct(action)}>{words}</Button>
            ))}
          </div>
        </Sheet>
      );
    case "react":
      return <Popover label={t`React`} triggerRef={anchor} isOpen onOpenChange={onOpenChange} placement="top">{quick}</Popover>;
    case "history":
      return <Popover label={t`Earlier versions`} triggerRef={anchor} isOpen onOpenChange={onOpenChange}><Earlier message={message} /></Popover>;
    case "receipts":
      return <Popover label={t`Who read this`} triggerRef={anchor} isOpen onOpenChange={onOpenChange} placement="top end"><Receipts message={message} names={names} /></Popover>;
    case "delete":
      return (
        <AlertDialog title={t`Delete for everyone?`} action={t`Delete`} danger isOpen onOpenChange={onOpenChange} onAction={onDelete}>
          <Trans>Devices that are offline delete it when they return. Copies may exist.</Trans>
        </AlertDialog>
      );
  }
}
