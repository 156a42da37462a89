// Where somebody has to be before anything else: signed in, confirmed, with a checked address.
import type { WhoAmI } from "../../../client-core/bindings/chatty.ts";

/** What decides, beside the address. */
export interface Standing {
  who: WhoAmI | null;
  /** Whether the recovery key lies in safety; `undefined` = not known yet. */
  keySaved: boolean | undefined;
  /** Steps that were put off until the next start. */
  later: ReadonlySet<"code">;
}

const WAY_IN: readonly string[] = ["/welcome", "/welcome/create", "/welcome/link", "/welcome/reset"];

/** The address to go to instead, or `undefined` where this one is right. */
export function gate({ who, keySaved, later }: Standing, path: string): string | undefined {
  const at = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
  const to = (wanted: string) => (wanted === at ? undefined : wanted);
  // An invite link shows itself to everybody.
  if (at.startsWith("/i/")) return undefined;
  if (who === null) return WAY_IN.includes(at) ? undefined : "/welcome";
  if (who.device_state === "waiting") return to("/welcome/link");
  if (who.device_state === "revoked" || who.device_state === "expired") return to("/welcome/ended");
  if (!who.verified_email && !(later.has("code") && !WAY_IN.includes(at))) return to("/welcome/code");
  if (!who.verified_email) return at === "/" ? "/chats" : undefined;
  // The steps of the first minute go on by themselves.
  if (at === "/welcome/code") return keySaved === false ? "/welcome/key" : "/welcome/people";
  if (at === "/welcome/key") return keySaved === true ? "/welcome/people" : undefined;
  if (at === "/" || at === "/welcome/ended" || WAY_IN.includes(at)) return "/chats";
  return undefined;
}
