// The calls of a page that have no answer yet, and what becomes of them when the engine moves to
// another tab or starts again: none is lost, none is done twice.
import type { ApiError } from "../../../client-core/bindings/chatty.ts";
import { messageId } from "./message-id.ts";
import { handedOver, type Call } from "./protocol.ts";

interface Waiting {
  call: Call;
  /** An engine has it: it may have been done. */
  taken: boolean;
  resolve: (reply: unknown) => void;
  reject: (error: ApiError) => void;
}

export class Calls {
  #repeatable: ReadonlySet<string>;
  #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** `repeatable`: methods that do nothing more when they come a second time. */
  constructor(repeatable: readonly string[]) {
    this.#repeatable = new Set(repeatable);
  }

  /** A new call and its answer. */
  begin(method: string, params: unknown): [Call, Promise<unknown>] {
    const call = { id: ++this.#lastId, method, params: named(method, params) };
    const answer = new Promise((resolve, reject) => this.#waiting.set(call.id, { call, taken: false, resolve, reject }));
    return [call, answer];
  }

  take(id: number): void {
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) waiting.taken = true;
  }

  /** Takes a call out, to answer it. */
  settle(id: number): Pick<Waiting, "resolve" | "reject"> | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  /** The engine that had the taken calls is gone: those to ask again. The others are told. */
  moved(): Call[] {
    const again: Call[] = [];
    for (const { call, taken } of [...this.#waiting.values()]) {
      if (!taken) continue;
      if (!this.#repeatable.has(call.method)) this.settle(call.id)?.reject(handedOver());
      else {
        again.push(call);
        const waiting = this.#waiting.get(call.id);
        if (waiting !== undefined) waiting.taken = false;
      }
    }
    return again;
  }

  /** Every call that no engine has. */
  untaken(): Call[] {
    return [...this.#waiting.values()].filter(({ taken }) => !taken).map(({ call }) => call);
  }

  endAll(error: ApiError): void {
    for (const id of [...this.#waiting.keys()]) this.settle(id)?.reject(error);
  }
}

/** A message gets its id here: the engine knows a repeat by it. */
function named(method: string, params: unknown): unknown {
  if (method !== "message.send" || typeof params !== "object" || params === null || "id" in params) return params;
  return { ...params, id: messageId() };
}
