// Why a message cannot be read, what that means and what to do (ui.md §2.8 rows 7–9, 25).
import { useLingui } from "@lingui/react/macro";
import { CloudDownload, KeyRound, Puzzle, RefreshCw, TriangleAlert, Unplug } from "lucide-react";
import type { ReactNode } from "react";
import type { Message } from "../../../../client-core/bindings/chatty.ts";
import styles from "./Bubble.module.css";

export interface Withheld {
  title: string;
  detail?: string;
  icon: ReactNode;
}

const icon = { size: 18, strokeWidth: 1.75, "aria-hidden": true } as const;

/** The words for a row without a text; `undefined` where there is nothing to explain. */
export function useWithheld(): (message: Message, name: string) => Withheld | undefined {
  const { t } = useLingui();
  /** What the owner of the key said: receive.rs, `said`. */
  const lost = (reason: string | undefined, name: string): string => {
    switch (reason) {
      case "withheld: this device was in no list":
        return t`${name} didn't know of this device yet.`;
      case "withheld: for verified people only":
        return t`${name} gives such messages only to people who are verified.`;
      case "withheld: this device was away for long":
        return t`This device was away for too long.`;
      case "withheld: the sender has no key for this device":
        return t`${name}'s device has no key for this device.`;
      default:
        return t`No device has the key any more.`;
    }
  };
  return (message, name) => {
    switch (message.state) {
      case "keyComing":
        return { title: t`Waiting for this message`, detail: t`${name}'s device is sending the key. Usually under a minute.`, icon: <KeyRound {...icon} /> };
      case "keyLate":
        return { title: t`Still waiting`, detail: t`${name}'s device may be offline. We'll keep trying.`, icon: <KeyRound {...icon} /> };
      case "beforeLink":
        return { title: t`Sent before this device was linked`, icon: <CloudDownload {...icon} /> };
      case "beforeJoin":
        return { title: t`Sent before you joined`, icon: <Unplug {...icon} /> };
      case "keyLost":
        return { title: t`This message can't be recovered`, detail: lost(message.reason, name), icon: <KeyRound {...icon} /> };
      case "needsUpdate":
        return { title: t`Needs a newer Chatty`, detail: t`Update this app to read it.`, icon: <RefreshCw {...icon} /> };
      case "logMismatch":
        return { title: t`${name}'s device and yours disagree about this group`, detail: t`Checking.`, icon: <TriangleAlert {...icon} /> };
      case "unsupported":
        return { title: t`This Chatty can't show this kind of message`, icon: <Puzzle {...icon} /> };
      default:
        return undefined;
    }
  };
}

export function Ghost({ title, detail, icon: shown }: Withheld) {
  return (
    <div className={`${styles.bubble} ${styles.ghost}`} data-bubble="">
      {shown}
      <span>
        <b>{title}</b>
        {detail !== undefined && <span className={styles.detail}>{detail}</span>}
      </span>
    </div>
  );
}
