// What a page, its worker and the workers of other tabs say to each other.
//
// Page and engine speak JSON texts (client-core/web/src/wire.rs); the worker of each tab stands
// between them (hub.ts) and carries calls to the one tab whose worker runs the engine.
import type { ApiError, Event } from "../../../client-core/bindings/chatty.ts";

/** To the engine: one call. */
export interface Call {
  id: number;
  method: string;
  params: unknown;
}

/** Where the engine is; calls are answered with an error in all stages but `ready`. */
export type Stage =
  | { name: "starting" }
  /** Another tab has the store and does not answer yet. */
  | { name: "waiting" }
  /** With `damaged` only reading works, and only offline. */
  | { name: "ready"; damaged: boolean }
  | { name: "stopped" }
  | { name: "failed"; error: ApiError };

/** From the engine. */
export type Told =
  | { id: number; reply: unknown }
  | { id: number; error: ApiError }
  | { event: Event }
  | { stage: Stage };

/** From a page to its worker. `letGo`: the page is about to be frozen, another tab must take over. */
export type ToWorker = { call: Call } | { letGo: true };

/** From a worker to its page. */
export type ToPage =
  /** What the engine told, as it told it; an answer names the call in the page's numbers. */
  | { text: string; id?: number }
  /** The engine has the call: from now on it may have been done. */
  | { taken: number }
  | { stage: Stage }
  /** Held for as long as the worker lives. */
  | { alive: string }
  /** The engine was taken from this worker: a new one is needed. */
  | { again: true };

/** Between the workers of the tabs, on one channel. */
export type Between =
  | { ask: "who leads" }
  | { leader: string; stage: Stage }
  | { leader: string; tab: string; call: Call }
  | { leader: string; tab: string; taken: number }
  | { leader: string; tab: string; id: number; text: string }
  | { leader: string; event: string };

/** What a page says itself when its worker is gone. */
export function broken(message: string): ApiError {
  return { code: "fault", message, hint: "reload the page" };
}

/** For a call that was under way when another engine took over: it may be done or not. */
export function handedOver(): ApiError {
  return {
    code: "handed_over",
    message: "Chatty moved to another tab or started again while this was under way.",
    hint: "look whether it was done before you repeat it",
  };
}
