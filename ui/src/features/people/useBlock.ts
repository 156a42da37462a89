// Blocking and unblocking a person, and whether it holds now.
import { useEffect, useState } from "react";
import { useCall } from "../../app/useCall.ts";
import { useApi } from "../../model/use.ts";

export function useBlock(user: string) {
  const api = useApi();
  const call = useCall();
  const [blocked, setBlocked] = useState<boolean>();
  useEffect(() => {
    api.call("person.blocked", {}).then((people) => setBlocked(people.some((one) => one.user === user)), () => undefined);
  }, [api, user]);
  async function set(wanted: boolean): Promise<boolean> {
    const done = await call.run(() => api.call(wanted ? "person.block" : "person.unblock", { person: user }));
    if (done !== undefined) setBlocked(wanted);
    return done !== undefined;
  }
  return { ...call, blocked, set };
}
