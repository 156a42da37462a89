// Starts the worker under the page's Trusted Types policy.
import workerAddress from "./worker.ts?worker&url";
import { WorkerEngine } from "./client.ts";

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

/** The engine of this origin, in a dedicated worker of this page. */
export function startEngine(): WorkerEngine {
  return new WorkerEngine(new Worker(address(), { type: "module", name: "chatty" }));
}
