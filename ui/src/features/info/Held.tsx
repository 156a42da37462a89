// Messages that are not shown yet: only their count is known to be true.
import { useEffect, useState } from "react";
import { Plural } from "@lingui/react/macro";
import { Hourglass } from "lucide-react";
import { useApi } from "../../model/use.ts";
import type { Chat } from "../chats/rows.ts";
import styles from "./Details.module.css";

export function Held({ chat }: { chat: Chat }) {
  const api = useApi();
  const [held, setHeld] = useState(0);
  // What is held or let go changes the chat's row.
  useEffect(() => {
    let current = true;
    api.call("chat.info", { chat: chat.id }).then((info) => current && setHeld(info.held), () => undefined);
    return () => {
      current = false;
    };
  }, [api, chat]);
  if (held === 0) return null;
  return (
    <p className={styles.held}>
      <Hourglass size={20} aria-hidden="true" />
      <span><Plural value={held} one="# message held: sent from a device that its owner removed." other="# messages held: sent from a device that its owner removed." /></span>
    </p>
  );
}
