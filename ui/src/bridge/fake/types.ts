// What the parts of the fake share.
import type { ApiError, Code, Methods } from "../../../../client-core/bindings/chatty.ts";

/** One function per method: a method that is missing, or answers something else, does not compile. */
export type Handlers = { [M in keyof Methods]: (params: Methods[M]["params"]) => Methods[M]["reply"] };

export type Method = keyof Methods;
export type Params<M extends Method> = Methods[M]["params"];
export type Reply<M extends Method> = Methods[M]["reply"];

/** A refusal as the engine's. */
export function refusal(code: Code, message = "", hint = "", retry_after_ms?: number): ApiError {
  return { code, message, hint, ...(retry_after_ms !== undefined && { retry_after_ms }) };
}

export function refuse(code: Code, message = "", hint = ""): never {
  throw refusal(code, message, hint);
}

export const DONE = {};
