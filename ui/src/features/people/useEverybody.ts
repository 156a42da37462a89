// Everybody this device knows, read again when one of them changes.
import { useEffect, useState } from "react";
import type { Person } from "../../../../client-core/bindings/chatty.ts";
import { useModel } from "../../model/use.ts";
import { nameOf } from "../../text/names.ts";

/** By name; without oneself. `undefined` while it loads. */
export function useEverybody(): readonly Person[] | undefined {
  const { api, onEvent, store } = useModel();
  const [people, setPeople] = useState<readonly Person[]>();
  useEffect(() => {
    let current = true;
    const me = store.getState().who?.user;
    const read = () =>
      void api.call("person.list", {}).then(
        (found) => current && setPeople(found.filter((one) => one.user !== me).sort((a, b) => nameOf(a).localeCompare(nameOf(b)))),
        () => current && setPeople((now) => now ?? []),
      );
    read();
    const stop = onEvent((event) => {
      if (event.event === "person.changed" || event.event === "chat.changed" || event.event === "chat.removed") read();
    });
    return () => {
      current = false;
      stop();
    };
  }, [api, onEvent, store]);
  return people;
}
