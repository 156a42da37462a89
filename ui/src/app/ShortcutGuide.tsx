// Every key that works here, and no other: its rows come from the tables that the keys themselves are read from.
import { Fragment } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { Dialog } from "../components/Dialog/Dialog.tsx";
import { ACTION_KEYS } from "../features/conversation/can.ts";
import { usePreference } from "../model/preferences.ts";
import { useCommandNames } from "./commandNames.ts";
import { KEYS, keysOf, needsChat, onMac, PINNED, shellHere, shown, type Command } from "./keys.ts";
import { closeLayer, useLayer } from "./layers.ts";
import styles from "./Layers.module.css";

const isPinned = (command: Command): boolean => (PINNED as readonly Command[]).includes(command);

export function ShortcutGuide() {
  const { t } = useLingui();
  const names = useCommandNames();
  const actions: Record<keyof typeof ACTION_KEYS, string> = { reply: t`Reply`, edit: t`Edit`, react: t`React`, copy: t`Copy`, delete: t`Delete`, menu: t`All actions` };
  const open = useLayer() === "guide";
  const letters = usePreference("singleKeys");
  const enterSends = usePreference("enterSends");
  const [mac, shell] = [onMac(), shellHere()];
  const row = (name: string, keys: string) => (
    <div key={`${name}${keys}`} className={styles.key}><dt>{name}</dt><dd dir="ltr">{keys.split(" ").map((key, at) => <Fragment key={at}>{at > 0 && " "}<kbd>{key}</kbd></Fragment>)}</dd></div>
  );
  const commands = (wanted: boolean) => KEYS.filter(({ command }) => needsChat(command) === wanted && !isPinned(command)).map(({ command }) => row(names[command], shown(keysOf(command, shell), mac)));
  // Nine keys, one row.
  const pinned = `${shown(keysOf("pinned1", shell), mac)} … 9`;
  const onMessage = Object.entries(ACTION_KEYS).filter(([action, key]) => letters || action === "menu" || key.length > 1) as [keyof typeof ACTION_KEYS, string][];
  return (
    <Dialog title={<Trans>Keyboard shortcuts</Trans>} size="widest" isOpen={open} onOpenChange={closeLayer}>
      <div className={styles.guide} role="group" tabIndex={0} aria-label={t`Keyboard shortcuts`}>
        <section>
          <h3><Trans>Everywhere</Trans></h3>
          <dl>
            {commands(false)}
            {row(t`Pinned chats`, pinned)}
            {row(t`Close what lies on top, then one level back`, "Esc")}
          </dl>
        </section>
        <section>
          <h3><Trans>In a chat</Trans></h3>
          <dl>{commands(true)}</dl>
        </section>
        <section>
          <h3><Trans>Writing</Trans></h3>
          <dl>
            {row(t`Send`, shown(enterSends ? "Enter" : "Mod+Enter", mac))}
            {row(t`New line`, shown(enterSends ? "Shift+Enter" : "Enter", mac))}
            {row(t`Edit the last message, in an empty field`, "↑")}
            {row(t`Focus the newest message`, shown("Shift+Tab", mac))}
          </dl>
          <h3><Trans>On a message</Trans></h3>
          <dl>
            {row(t`Move`, "↑ ↓ Home End")}
            {onMessage.map(([action, key]) => row(actions[action], action === "menu" ? `${key}, ${shown("Shift+F10", mac)}` : key))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
