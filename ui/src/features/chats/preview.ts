// The second line of a chat row, in plain words.
import { t } from "@lingui/core/macro";
import type { Message, MessageState } from "../../../../client-core/bindings/chatty.ts";

/** Why a message shows no text; the conversation says more. */
const UNREADABLE: Partial<Record<MessageState, () => string>> = {
  keyComing: () => t`Waiting for this message`,
  keyLate: () => t`Still waiting for this message`,
  beforeLink: () => t`Sent before this device was linked`,
  beforeJoin: () => t`Sent before you joined`,
  keyLost: () => t`Can't be recovered`,
  needsUpdate: () => t`Needs a newer Chatty`,
  unsupported: () => t`Needs a newer Chatty`,
};

/** What a message says in one line. */
export function summary(message: Message): string {
  if (message.deleted) return t`Message deleted`;
  if (message.text === null) return UNREADABLE[message.state]?.() ?? t`Checking this message`;
  return message.text.replace(/\s+/g, " ").trim().slice(0, 200);
}
