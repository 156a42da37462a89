// The page's end of the worker: the transport that the generated client is made over.
import type { ApiError, Event, Transport } from "../../../client-core/bindings/chatty.ts";
import { broken, type Call, type Stage, type Told } from "./protocol.ts";

interface Waiting {
  resolve: (reply: unknown) => void;
  reject: (error: ApiError) => void;
}

/** What of a worker is used here. */
export type Port = Pick<Worker, "postMessage" | "addEventListener" | "terminate">;

/** An engine in a worker. Calls made while it starts are sent when it has started. */
export class WorkerEngine implements Transport {
  #worker: Port;
  #stage: Stage = { name: "starting" };
  #lastId = 0;
  #waiting = new Map<number, Waiting>();
  #unsent: Call[] = [];
  #events = new Set<(event: Event) => void>();
  #stages = new Set<(stage: Stage) => void>();

  constructor(worker: Port) {
    this.#worker = worker;
    worker.addEventListener("message", (message) => this.#hear(JSON.parse(String((message as MessageEvent).data)) as Told));
    // The script could not be loaded; a worker that runs tells of its own faults.
    worker.addEventListener("error", () => this.#enter({ name: "failed", error: broken("the engine could not be loaded") }));
  }

  /** Where the worker is now. */
  get stage(): Stage {
    return this.#stage;
  }

  /** Calls `listener` now and at each change; gives the function that ends it. */
  onStage(listener: (stage: Stage) => void): () => void {
    this.#stages.add(listener);
    listener(this.#stage);
    return () => this.#stages.delete(listener);
  }

  /** Resolves when the worker is at one of these stages. */
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
    const id = ++this.#lastId;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    const call = { id, method, params };
    if (this.#stage.name === "starting") this.#unsent.push(call);
    else this.#send(call);
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

  #send(call: Call): void {
    // A worker that is gone answers nothing.
    if (this.#stage.name === "failed") this.#settle(call.id)?.reject(this.#stage.error);
    else if (this.#stage.name === "stopped") this.#settle(call.id)?.reject(broken("the engine has stopped"));
    else this.#worker.postMessage(JSON.stringify(call));
  }

  #hear(told: Told): void {
    if ("event" in told) this.#events.forEach((listener) => listener(told.event));
    else if ("stage" in told) this.#enter(told.stage);
    else if ("error" in told) this.#settle(told.id)?.reject(told.error);
    else this.#settle(told.id)?.resolve(told.reply);
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #enter(stage: Stage): void {
    this.#stage = stage;
    if (stage.name === "failed" || stage.name === "stopped") {
      const error = stage.name === "failed" ? stage.error : broken("the engine has stopped");
      for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(error);
    }
    if (stage.name !== "starting") this.#unsent.splice(0).forEach((call) => this.#send(call));
    this.#stages.forEach((listener) => listener(stage));
  }
}
