// The members of a group, read again when the group or one of them changes.
import { useEffect, useState } from "react";
import type { Member } from "../../../../client-core/bindings/chatty.ts";
import { useModel } from "../../model/use.ts";

export function useMembers(chat: string): readonly Member[] | undefined {
  const { api, onEvent } = useModel();
  const [members, setMembers] = useState<readonly Member[]>();
  useEffect(() => {
    let current = true;
    const read = () => void api.call("group.members", { chat }).then((found) => current && setMembers(found), () => current && setMembers([]));
    read();
    const stop = onEvent((event) => {
      // Each change of members is a row of the chat too.
      const about = (event.event === "chat.changed" && event.chat.id === chat) || (event.event === "message.added" && event.message.conv === chat) || event.event === "person.changed";
      if (about) read();
    });
    return () => {
      current = false;
      stop();
    };
  }, [api, onEvent, chat]);
  return members;
}
