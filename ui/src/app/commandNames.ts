// What the commands are called, in the guide and in the palette.
import { useLingui } from "@lingui/react/macro";
import { PINNED, type Command, type Pinned } from "./keys.ts";

export function useCommandNames(): Record<Command, string> {
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
    find: t`Find in chat`,
    newest: t`To the newest message`,
    read: t`Mark the chat as read`,
    emoji: t`Emoji`,
    ...(Object.fromEntries(PINNED.map((name, at) => [name, t`Pinned chat ${at + 1}`])) as Record<Pinned, string>),
  };
}
