// One call that a person started: whether it runs, and what went wrong in words.
import { useState } from "react";
import { useLingui } from "@lingui/react/macro";
import type { ApiError, Code } from "../../../client-core/bindings/chatty.ts";
import { asApiError, errorText } from "../text/errors.ts";

export interface Calling {
  busy: boolean;
  /** What was refused; `Failure` shows it. */
  failed: ApiError | undefined;
  /** What to show beside the control, or `undefined`. */
  error: string | undefined;
  clear: () => void;
  /** Runs it; gives its result, or `undefined` when it was refused. */
  run: <T>(work: () => Promise<T>) => Promise<T | undefined>;
}

/** `own` has the words of codes that mean something special on this screen. */
export function useCall(own?: Partial<Record<Code, string>>): Calling {
  const { i18n } = useLingui();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<ApiError>();
  async function run<T>(work: () => Promise<T>): Promise<T | undefined> {
    setBusy(true);
    setFailed(undefined);
    const refused = (thrown: unknown) => void setFailed(asApiError(thrown));
    const answer = await work().catch(refused);
    setBusy(false);
    return answer as T | undefined;
  }
  return { busy, failed, error: failed && (own?.[failed.code] ?? words(failed, i18n.locale)), clear: () => setFailed(undefined), run };
}

/** One line beside a control: what happened and what to do. */
function words(error: ApiError, locale: string): string {
  const { title, next } = errorText(error, locale);
  return `${title}. ${next}`;
}
