// The page's end alone, with a worker that this file plays. The real one: tests/engine.spec.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WorkerEngine, type Port } from "./client.ts";
import type { Call, Told } from "./protocol.ts";

class Played {
  sent: Call[] = [];
  ended = false;
  #listeners = new Map<string, (event: unknown) => void>();

  port(): Port {
    return {
      postMessage: (text: unknown) => void this.sent.push(JSON.parse(String(text)) as Call),
      addEventListener: (name: string, listener: (event: unknown) => void) => void this.#listeners.set(name, listener),
      terminate: () => void (this.ended = true),
    } as unknown as Port;
  }

  say(told: Told): void {
    this.#listeners.get("message")?.({ data: JSON.stringify(told) });
  }

  breakDown(): void {
    this.#listeners.get("error")?.({});
  }
}

function played(): [Played, WorkerEngine] {
  const worker = new Played();
  return [worker, new WorkerEngine(worker.port())];
}

const ready: Told = { stage: { name: "ready", damaged: false } };

test("calls made while it starts are sent once, in order, when it has started", async () => {
  const [worker, engine] = played();
  const first = engine.call("a", { x: 1 });
  const second = engine.call("b", {});
  assert.equal(worker.sent.length, 0);
  worker.say(ready);
  assert.deepEqual(worker.sent.map((call) => call.method), ["a", "b"]);
  const [one, two] = worker.sent.map((call) => call.id);
  // Answers come in any order and find their call.
  worker.say({ id: two ?? 0, reply: "two" });
  worker.say({ id: one ?? 0, error: { code: "invalid", message: "", hint: "" } });
  assert.equal(await second, "two");
  await assert.rejects(first, { code: "invalid" });
});

test("nobody waits for a worker that is gone", async () => {
  for (const end of [
    (worker: Played) => worker.breakDown(),
    (worker: Played) => worker.say({ stage: { name: "failed", error: { code: "storage", message: "", hint: "" } } }),
    (worker: Played) => worker.say({ stage: { name: "stopped" } }),
    (_: Played, engine: WorkerEngine) => engine.close(),
  ]) {
    const [worker, engine] = played();
    const unsent = engine.call("early", {});
    const early = assert.rejects(unsent);
    worker.say(ready);
    const under = assert.rejects(engine.call("under way", {}));
    end(worker, engine);
    await Promise.all([early, under, assert.rejects(engine.call("late", {}))]);
    assert.equal(worker.sent.length, 2);
  }
});

test("a failure while it starts reaches the calls that were not sent yet", async () => {
  const [worker, engine] = played();
  const call = assert.rejects(engine.call("a", {}), { code: "vault_missing" });
  worker.say({ stage: { name: "failed", error: { code: "vault_missing", message: "", hint: "" } } });
  await call;
  assert.equal(worker.sent.length, 0);
});

test("events and stages reach those who listen, until they stop", async () => {
  const [worker, engine] = played();
  const heard: string[] = [];
  const stop = engine.listen((event) => heard.push(event.event));
  const stages: string[] = [];
  engine.onStage((stage) => stages.push(stage.name));
  worker.say({ stage: { name: "waiting" } });
  worker.say({ event: { event: "outbox.changed", waiting: 1 } });
  stop();
  worker.say({ event: { event: "outbox.changed", waiting: 0 } });
  worker.say(ready);
  assert.deepEqual(heard, ["outbox.changed"]);
  assert.deepEqual(stages, ["starting", "waiting", "ready"]);
  assert.equal((await engine.until("ready")).name, "ready");
});
