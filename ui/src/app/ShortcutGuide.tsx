// Every key that works here, and no other.
import { Trans, useLingui } from "@lingui/react/macro";
import { Dialog } from "../components/Dialog/Dialog.tsx";
import { KEYS, onMac, shown, type Command } from "./keys.ts";
import { closeLayer, useLayer } from "./layers.ts";
import styles from "./Layers.module.css";

function useNames(): Record<Command, string> {
  const { t } = useLingui();
  return {
    palette: t`Go to anything`,
    searchAll: t`Search all messages`,
    new: t`New chat`,
    settings: t`Settings`,
    guide: t`Keyboard shortcuts`,
    details: t`Details of the chat`,
    nextPane: t`Next pane`,
    lastPane: t`Pane before`,
    nextChat: t`Next chat`,
    lastChat: t`Chat before`,
    nextUnread: t`Next unread chat`,
    lastUnread: t`Unread chat before`,
    bigger: t`Bigger text`,
    smaller: t`Smaller text`,
    normal: t`Normal text size`,
    archive: t`Archive the chat, or take it back`,
    unread: t`Show unread chats`,
    mute: t`Mute the chat, or take it back`,
  };
}

export function ShortcutGuide() {
  const { t } = useLingui();
  const names = useNames();
  const open = useLayer() === "guide";
  const mac = onMac();
  const row = (name: string, keys: string) => (
    <div key={`${name}${keys}`} className={styles.key}><dt>{name}</dt><dd><kbd dir="ltr">{keys}</kbd></dd></div>
  );
  return (
    <Dialog title={<Trans>Keyboard shortcuts</Trans>} size="wide" isOpen={open} onOpenChange={closeLayer}>
      <div className={styles.guide} role="group" tabIndex={0} aria-label={t`Keyboard shortcuts`}>
        <section>
          <h3><Trans>Everywhere</Trans></h3>
          <dl>{KEYS.map(([command, keys]) => row(names[command], shown(keys, mac)))}</dl>
        </section>
        <section>
          <h3><Trans>Writing</Trans></h3>
          <dl>
            {row(t`Send`, shown("Enter", mac))}
            {row(t`New line`, shown("Shift+Enter", mac))}
            {row(t`Edit the last message, in an empty field`, "↑")}
            {row(t`To the newest message`, shown("Shift+Tab", mac))}
          </dl>
          <h3><Trans>On a message</Trans></h3>
          <dl>
            {row(t`Move`, "↑ ↓ Home End")}
            {row(t`Reply`, "R")}
            {row(t`Edit`, "E")}
            {row(t`Copy`, "C")}
            {row(t`Delete`, "Del")}
            {row(t`All actions`, shown("Shift+F10", mac))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
