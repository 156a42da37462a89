// The number of a person, read once: it stays the same for as long as both are who they are.
import { useEffect, useState } from "react";
import type { SafetyNumber } from "../../../../client-core/bindings/chatty.ts";
import { useApi } from "../../model/use.ts";

export function useSafety(user: string): { number: SafetyNumber | undefined; failed: boolean } {
  const api = useApi();
  const [number, setNumber] = useState<SafetyNumber>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let current = true;
    api.call("person.safety", { user }).then((found) => current && setNumber(found), () => current && setFailed(true));
    return () => void (current = false);
  }, [api, user]);
  return { number, failed };
}
