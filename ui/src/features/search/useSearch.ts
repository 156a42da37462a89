// Searches the texts on this device while one types.
import { useEffect, useState } from "react";
import type { ApiError, Found } from "../../../../client-core/bindings/chatty.ts";
import { useModel } from "../../model/use.ts";

export interface Search {
  /** What was found for `text`; none while nothing is asked. */
  found: Found | undefined;
  text: string;
  busy: boolean;
  error: ApiError | undefined;
}

const PAUSE_MS = 120;
/** The engine gives no more; the newest ones. */
export const MOST = 500;
const LONGEST = 256;

/** `chat` narrows it to one conversation. */
export function useSearch(typed: string, chat?: string): Search {
  const { api } = useModel();
  const text = typed.trim().slice(0, LONGEST);
  const [state, setState] = useState<Search>({ found: undefined, text: "", busy: false, error: undefined });
  useEffect(() => {
    if (text === "") return undefined;
    let current = true;
    const timer = setTimeout(() => {
      api.call("message.search", { text, limit: MOST, ...(chat !== undefined && { chat }) }).then(
        (found) => current && setState({ found, text, busy: false, error: undefined }),
        (error: ApiError) => current && setState({ found: undefined, text, busy: false, error }),
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, text, chat]);
  if (text === "") return { found: undefined, text, busy: false, error: undefined };
  return { ...state, busy: state.text !== text };
}
