// Messages on this device that have the words, asked for when typing pauses.
import { useEffect, useState } from "react";
import type { FoundMessage } from "../../../../client-core/bindings/chatty.ts";
import { useApi } from "../../model/use.ts";

const PAUSE_MS = 150;
const NONE: readonly FoundMessage[] = [];

/** The newest few; nothing while fewer than two letters are typed. */
export function useFound(text: string, limit = 5): readonly FoundMessage[] {
  const api = useApi();
  const [found, setFound] = useState<{ text: string; rows: readonly FoundMessage[] }>({ text: "", rows: NONE });
  const wanted = text.trim().slice(0, 256);
  useEffect(() => {
    if ([...wanted].length < 2) return undefined;
    let current = true;
    const timer = setTimeout(() => {
      api.call("message.search", { text: wanted, limit }).then((answer) => current && setFound({ text: wanted, rows: answer.rows }), () => undefined);
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, wanted, limit]);
  return [...wanted].length < 2 ? NONE : found.rows;
}
