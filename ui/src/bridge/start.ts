// Starts the worker under the page's Trusted Types policy.
import workerAddress from "./worker.ts?worker&url";
import { WorkerEngine } from "./client.ts";
import { erase } from "./storage.ts";

interface ScriptPolicy {
  createScriptURL(address: string): string;
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL: (address: string) => string }): ScriptPolicy;
}

/** The one script address that this page ever starts; any other is refused. */
function address(): string {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  if (factory === undefined) return workerAddress;
  const policy = factory.createPolicy("chatty-worker", {
    createScriptURL(wanted) {
      if (wanted !== workerAddress) throw new TypeError("not a script of this page");
      return wanted;
    },
  });
  return policy.createScriptURL(workerAddress);
}

/** The engine of this origin. */
export function startEngine(): WorkerEngine {
  // A policy is made once.
  const script = address();
  const engine = new WorkerEngine({
    start: () => new Worker(script, { type: "module", name: "chatty" }),
    freed: (lock) => navigator.locks.request(lock, () => undefined),
    now: () => performance.now(),
    erase,
  });
  // A frozen page would hold the store and not answer.
  document.addEventListener("freeze", () => engine.letGo());
  document.addEventListener("resume", () => engine.restart());
  return engine;
}
