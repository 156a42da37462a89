// The other person of a direct chat: whether one blocked them, and whether they are still who they were.
import { useCallback, useEffect, useState } from "react";
import type { Chat, ContactState } from "../../../../client-core/bindings/chatty.ts";
import { useModel } from "../../model/use.ts";

export interface Peer {
  state: ContactState | undefined;
  blocked: boolean;
  renew(): void;
}

export function usePeer({ id, with: user }: Chat): Peer {
  const model = useModel();
  const [found, setFound] = useState<Pick<Peer, "state" | "blocked">>({ state: undefined, blocked: false });
  const renew = useCallback(() => {
    if (user === undefined) return;
    const profile = model.api.call("profile.get", { person: user });
    Promise.all([profile, model.api.call("person.blocked", {})]).then(
      ([{ state }, blocked]) => setFound({ state, blocked: blocked.some((one) => one.user === user) }),
      // Not known: the engine still refuses what must not be sent.
      () => undefined,
    );
  }, [model, user]);
  useEffect(() => {
    renew();
    return model.onEvent((event) => {
      if ((event.event === "person.changed" && event.user === user) || (event.event === "chat.changed" && event.chat.id === id && event.chat.unread === 0)) renew();
    });
  }, [model, renew, user, id]);
  return { ...found, renew };
}
