// The messages between a page and its worker: one JSON text each (client-core/web/src/wire.rs).
import type { ApiError, Event } from "../../../client-core/bindings/chatty.ts";

/** To the worker: one call. */
export interface Call {
  id: number;
  method: string;
  params: unknown;
}

/** Where a worker is; calls are answered with an error in all stages but `ready`. */
export type Stage =
  | { name: "starting" }
  /** Another tab holds the store; this one takes over when it goes. */
  | { name: "waiting" }
  /** With `damaged` only reading works, and only offline. */
  | { name: "ready"; damaged: boolean }
  | { name: "stopped" }
  | { name: "failed"; error: ApiError };

/** From the worker. */
export type Told =
  | { id: number; reply: unknown }
  | { id: number; error: ApiError }
  | { event: Event }
  | { stage: Stage };

/** What a page says itself when its worker is gone. */
export function broken(message: string): ApiError {
  return { code: "fault", message, hint: "reload the page" };
}
