// A whole engine in memory, for stories and tests: the same methods and events, no server, no cryptography.
// What the real one does differently is a fault here: contract.ts holds both to the same cases.
import { client, type ApiError, type Client, type Code, type Event, type Transport } from "../../../../client-core/bindings/chatty.ts";
import { broken, type Stage } from "../protocol.ts";
import { accounts } from "./account.ts";
import { chats } from "./chats.ts";
import { devices } from "./devices.ts";
import { groups } from "./groups.ts";
import { messages } from "./messages.ts";
import { Script } from "./script.ts";
import { refusal, type Handlers, type Method } from "./types.ts";
import { World } from "./world.ts";

export interface FakeOptions {
  /** The present; stories have a fixed one. */
  now?: () => number;
  stage?: Stage;
  /** Fills the world before anybody looks. */
  begin?: (world: World, script: Script) => void;
}

/** The transport, and what a model needs of an engine. */
export class Fake implements Transport {
  readonly world: World;
  readonly script: Script;
  readonly api: Client;
  stage: Stage;
  readonly #handlers: Handlers;
  readonly #stages = new Set<(stage: Stage) => void>();
  readonly #faults = new Map<string, ApiError[]>();
  readonly #held = new Map<string, Promise<void>>();

  constructor({ now = Date.now, stage = { name: "ready", damaged: false }, begin }: FakeOptions = {}) {
    this.world = new World(now);
    this.stage = stage;
    const soon = (work: () => void) => void setTimeout(work, 0);
    const all = { ...accounts(this.world), ...chats(this.world), ...messages(this.world, soon), ...groups(this.world), ...devices(this.world) };
    this.#handlers = all satisfies Handlers;
    this.script = new Script(this.world);
    this.api = client(this);
    begin?.(this.world, this.script);
  }

  async call(method: string, params: unknown): Promise<unknown> {
    // Never in the caller's turn, as over a worker.
    await Promise.resolve();
    if (this.stage.name === "failed") throw this.stage.error;
    if (this.stage.name === "stopped") throw broken("the engine has stopped");
    if (this.stage.name !== "ready") throw refusal("home_in_use");
    await this.#held.get(method);
    const fault = this.#faults.get(method)?.shift();
    if (fault !== undefined) throw fault;
    const handler = this.#handlers[method as Method] as ((params: unknown) => unknown) | undefined;
    if (handler === undefined) throw refusal("unknown_method");
    return structuredClone(handler(structuredClone(params)));
  }

  listen(listener: (event: Event) => void): () => void {
    return this.world.listen(listener);
  }

  onStage(listener: (stage: Stage) => void): () => void {
    this.#stages.add(listener);
    listener(this.stage);
    return () => this.#stages.delete(listener);
  }

  /** Moves the worker to another stage. */
  enter(stage: Stage): void {
    this.stage = stage;
    this.#stages.forEach((listener) => listener(stage));
  }

  /** The next call of this method is refused; more than once = one after the other. */
  failNext(method: Method, code: Code, more: Partial<ApiError> = {}): void {
    const waiting = this.#faults.get(method) ?? [];
    this.#faults.set(method, [...waiting, { ...refusal(code), ...more }]);
  }

  /** Calls of this method get no answer until the function is called that this gives. */
  hold(method: Method): () => void {
    let release = () => {};
    this.#held.set(method, new Promise((resolve) => (release = resolve)));
    return () => {
      this.#held.delete(method);
      release();
    };
  }
}

/** A fake engine; `begin` fills it (see sample.ts). */
export function createFake(options?: FakeOptions): Fake {
  return new Fake(options);
}
