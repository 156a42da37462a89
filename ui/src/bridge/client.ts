// The page's end of the engine: the transport that the generated client is made over.
import { REPEATABLE, type ApiError, type Event, type Transport } from "../../../client-core/bindings/chatty.ts";
import { Calls } from "./calls.ts";
import { broken, type Stage, type Told, type ToPage, type ToWorker } from "./protocol.ts";

/** What of a worker is used here. */
export type Port = Pick<Worker, "postMessage" | "addEventListener" | "terminate">;

/** What of the browser is used here, so that tests can play it. */
export interface Around {
  /** A fresh worker. */
  start(): Port;
  /** Resolves when the lock of that name is free: its worker is dead. */
  freed(lock: string): Promise<void>;
  now(): number;
  /** Removes what this browser keeps for the account. */
  erase(): Promise<void>;
}

/** Crashes within this time that are too many to go on. */
const CRASHES = 3;
const CRASH_WINDOW_MS = 60_000;

/** The engine of this origin, in this tab's worker or in another tab's. Calls made while there is
 * none are done when there is one again. */
export class WorkerEngine implements Transport {
  #around: Around;
  #worker: Port;
  #stage: Stage = { name: "starting" };
  #calls = new Calls(REPEATABLE);
  #crashes: number[] = [];
  #events = new Set<(event: Event) => void>();
  #stages = new Set<(stage: Stage) => void>();

  constructor(around: Around) {
    this.#around = around;
    this.#worker = this.#start();
  }

  /** Where the engine is now. */
  get stage(): Stage {
    return this.#stage;
  }

  /** Calls `listener` now and at each change; gives the function that ends it. */
  onStage(listener: (stage: Stage) => void): () => void {
    this.#stages.add(listener);
    listener(this.#stage);
    return () => this.#stages.delete(listener);
  }

  /** Resolves when the engine is at one of these stages. */
  until(...names: Stage["name"][]): Promise<Stage> {
    return new Promise((resolve) => {
      const stop = this.onStage((stage) => {
        if (!names.includes(stage.name)) return;
        // The first call comes before there is anything to stop.
        queueMicrotask(() => stop());
        resolve(stage);
      });
    });
  }

  call(method: string, params: unknown): Promise<unknown> {
    const over = this.#over();
    if (over !== null) return Promise.reject(over);
    const [call, answer] = this.#calls.begin(method, params);
    this.#post({ call });
    return answer;
  }

  listen(listener: (event: Event) => void): () => void {
    this.#events.add(listener);
    return () => this.#events.delete(listener);
  }

  /** Ends the worker at once, as closing the tab does. */
  close(): void {
    this.#worker.terminate();
    this.#enter({ name: "stopped" });
  }

  /** The browser is about to stop this page: another tab must be able to take over. */
  letGo(): void {
    this.#post({ letGo: true });
  }

  /** Takes everything of the account out of this browser, and begins as on the first day. */
  async startOver(): Promise<void> {
    this.close();
    try {
      await this.#around.erase();
    } finally {
      // Another tab may have refused it: then this one follows that.
      this.restart();
    }
  }

  /** A new worker, after the old one let go or died. What was asked of the old one goes on. */
  restart(): void {
    this.#worker.terminate();
    this.#enter({ name: "starting" });
    this.#worker = this.#start();
    // The old worker had these too, and is gone.
    for (const call of this.#calls.untaken()) this.#post({ call });
  }

  #start(): Port {
    const worker = this.#around.start();
    worker.addEventListener("message", (message) => {
      // A worker that was replaced may still have sent something.
      if (worker === this.#worker) this.#hear((message as MessageEvent<ToPage>).data);
    });
    // The script could not be loaded; a worker that runs tells of its own faults.
    worker.addEventListener("error", () => {
      if (worker === this.#worker) this.#enter({ name: "failed", error: broken("the engine could not be loaded") });
    });
    return worker;
  }

  #hear(told: ToPage): void {
    if ("taken" in told) this.#calls.take(told.taken);
    else if ("stage" in told) this.#enter(told.stage);
    else if ("alive" in told) this.#watch(told.alive);
    else if ("again" in told) this.restart();
    else this.#read(JSON.parse(told.text) as Told, told.id);
  }

  #read(told: Told, id?: number): void {
    if ("event" in told) this.#events.forEach((listener) => listener(told.event));
    else if (id !== undefined && "error" in told) this.#calls.settle(id)?.reject(told.error);
    else if (id !== undefined && "reply" in told) this.#calls.settle(id)?.resolve(told.reply);
  }

  /** A worker can end without a word: out of memory, or ended by the browser. */
  #watch(lock: string): void {
    const worker = this.#worker;
    void this.#around.freed(lock).then(() => {
      if (worker === this.#worker && this.#over() === null) this.#crashed(broken("the engine ended"));
    });
  }

  #crashed(error: ApiError): void {
    const now = this.#around.now();
    this.#crashes = [...this.#crashes.filter((time) => now - time < CRASH_WINDOW_MS), now];
    if (this.#crashes.length < CRASHES) this.restart();
    else this.#settle({ name: "failed", error });
  }

  #enter(stage: Stage): void {
    // A fault of ours may pass; a store that cannot be opened does not.
    if (stage.name === "failed" && stage.error.code === "fault" && this.#stage.name !== "starting") this.#crashed(stage.error);
    else this.#settle(stage);
  }

  #settle(stage: Stage): void {
    const was = this.#stage.name;
    this.#stage = stage;
    const over = this.#over();
    if (over !== null) this.#calls.endAll(over);
    else if (stage.name === "starting" && was !== "starting") {
      for (const call of this.#calls.moved()) this.#post({ call });
    }
    this.#stages.forEach((listener) => listener(stage));
  }

  /** Why nothing can be asked any more. */
  #over(): ApiError | null {
    if (this.#stage.name === "failed") return this.#stage.error;
    return this.#stage.name === "stopped" ? broken("the engine has stopped") : null;
  }

  #post(to: ToWorker): void {
    this.#worker.postMessage(to);
  }
}
