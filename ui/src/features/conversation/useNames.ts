// Who is who in a chat.
import { useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import type { Chat, Member } from "../../../../client-core/bindings/chatty.ts";
import { nameOf } from "../../text/names.ts";
import { useChatty, useModel } from "../../model/use.ts";

export interface Names {
  /** Own user id. */
  me: string;
  /** The name to show for a person. */
  of(user: string): string;
  members: readonly Member[];
  /** Whether a person looks after this group. */
  isAdmin(user: string): boolean;
}

/** The members of a group, read anew when the group or a person changes. */
function useMembers(chat: Chat): readonly Member[] {
  const model = useModel();
  const [members, setMembers] = useState<readonly Member[]>([]);
  useEffect(() => {
    if (chat.kind !== "group") return undefined;
    let current = true;
    const read = () =>
      void model.api.call("group.members", { chat: chat.id }).then(
        (found) => current && setMembers(found),
        // A request's group shows its members once it is accepted.
        () => current && setMembers([]),
      );
    read();
    const stop = model.onEvent((event) => {
      const about = event.event === "person.changed" || (event.event === "chat.changed" && event.chat.id === chat.id && event.chat.title !== chat.title);
      if (about) read();
    });
    return () => {
      current = false;
      stop();
    };
  }, [model, chat.id, chat.kind, chat.title, chat.state]);
  return members;
}

export function useNames(chat: Chat): Names {
  const { t } = useLingui();
  const me = useChatty((state) => state.who?.user ?? "");
  const members = useMembers(chat);
  const names = new Map(members.map((member) => [member.user, nameOf(member)]));
  if (chat.with !== undefined) names.set(chat.with, chat.title);
  return {
    me,
    members,
    isAdmin: (user) => members.some((member) => member.user === user && member.role === "admin"),
    of: (user) => (user === me ? t`You` : (names.get(user) ?? t`Someone`)),
  };
}
