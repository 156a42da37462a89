// What a handle may be (protocol/src/handle.rs); the server has the last word.

export const HANDLE_MAX = 32;

/** A first handle out of a name: "Ada Ng" → "ada_ng". Empty where nothing of it fits. */
export function suggest(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "").slice(0, HANDLE_MAX);
}

/** As typed, made fit: no `@`, small letters. */
export function tidy(typed: string): string {
  return typed.trim().replace(/^@/, "").toLowerCase();
}

export type HandleFault = "short" | "start" | "letters";

/** Why a handle cannot be; `undefined` = its form is right. */
export function fault(handle: string): HandleFault | undefined {
  if (handle.length < 3 || handle.length > HANDLE_MAX) return "short";
  if (!/^[a-z]/.test(handle)) return "start";
  return /^[a-z0-9_]+$/.test(handle) ? undefined : "letters";
}
