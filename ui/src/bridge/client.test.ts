// The page's end alone, with workers that this file plays. The real ones: tests/engine.spec.ts and tests/tabs.spec.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WorkerEngine, type Port } from "./client.ts";
import type { Call, Stage, Told, ToPage, ToWorker } from "./protocol.ts";

class Played {
  sent: Call[] = [];
  letGo = false;
  ended = false;
  #listeners = new Map<string, (event: unknown) => void>();

  port(): Port {
    return {
      postMessage: (to: ToWorker) => void ("call" in to ? this.sent.push(to.call) : (this.letGo = true)),
      addEventListener: (name: string, listener: (event: unknown) => void) => void this.#listeners.set(name, listener),
      terminate: () => void (this.ended = true),
    } as unknown as Port;
  }

  say(told: ToPage): void {
    this.#listeners.get("message")?.({ data: told });
  }

  enter(stage: Stage): void {
    this.say({ stage });
  }

  answer(call: Call | undefined, reply: unknown): void {
    const told: Told = { id: 99, reply };
    this.say({ text: JSON.stringify(told), id: call?.id ?? 0 });
  }

  breakDown(): void {
    this.#listeners.get("error")?.({});
  }
}

class Tab {
  workers: Played[] = [];
  time = 0;
  erased = false;
  die: (() => void)[] = [];
  engine = new WorkerEngine({
    start: () => {
      const worker = new Played();
      this.workers.push(worker);
      return worker.port();
    },
    freed: () => new Promise((resolve) => this.die.push(resolve)),
    now: () => this.time,
    erase: () => {
      this.erased = true;
      return Promise.resolve();
    },
  });

  get worker(): Played {
    const worker = this.workers.at(-1);
    assert.ok(worker);
    return worker;
  }
}

const ready: Stage = { name: "ready", damaged: false };
const error = { code: "storage", message: "", hint: "" } as const;

test("answers find their call in any order, errors reject it", async () => {
  const { engine, worker } = new Tab();
  const first = engine.call("a", { x: 1 });
  const second = engine.call("b", {});
  worker.enter(ready);
  const [one, two] = worker.sent;
  worker.answer(two, "two");
  worker.say({ text: JSON.stringify({ id: 1, error: { ...error, code: "invalid" } }), id: one?.id ?? 0 });
  assert.equal(await second, "two");
  await assert.rejects(first, { code: "invalid" });
});

test("nobody waits for an engine that is gone for good", async () => {
  for (const end of [
    (tab: Tab) => tab.worker.enter({ name: "failed", error }),
    (tab: Tab) => tab.worker.enter({ name: "stopped" }),
    (tab: Tab) => tab.engine.close(),
  ]) {
    const tab = new Tab();
    tab.worker.enter(ready);
    const under = assert.rejects(tab.engine.call("under way", {}));
    end(tab);
    await Promise.all([under, assert.rejects(tab.engine.call("late", {}))]);
    assert.equal(tab.workers.length, 1);
  }
});

test("a script that cannot be loaded is told and not tried for ever", async () => {
  const tab = new Tab();
  const early = assert.rejects(tab.engine.call("a", {}), { code: "fault" });
  tab.worker.breakDown();
  await early;
  assert.equal(tab.engine.stage.name, "failed");
});

test("when the engine moves, calls that no engine took go on, reads are asked again, the rest is told", async () => {
  const { engine, worker } = new Tab();
  worker.enter(ready);
  const untaken = engine.call("account.sign_up", {});
  const read = engine.call("chat.list", {});
  const sent = engine.call("message.send", { chat: "c", text: "t" });
  const group = assert.rejects(engine.call("group.create", {}), { code: "handed_over" });
  const calls = [...worker.sent];
  for (const call of calls.slice(1)) worker.say({ taken: call.id });
  worker.enter({ name: "starting" });
  await group;
  // The worker still has the untaken one; the same ids, so that nothing is new to the engine.
  assert.deepEqual(worker.sent.slice(4), [calls[1], calls[2]]);
  worker.enter(ready);
  for (const [call, reply] of [[calls[0], "signed up"], [calls[1], "chats"], [calls[2], "sent"]] as const) worker.answer(call, reply);
  assert.deepEqual(await Promise.all([untaken, read, sent]), ["signed up", "chats", "sent"]);
});

test("a message keeps its id for life", () => {
  const { engine, worker } = new Tab();
  void engine.call("message.send", { chat: "c", text: "t" });
  void engine.call("message.send", { chat: "c", text: "t" });
  const ids = worker.sent.map((call) => (call.params as { id: string }).id);
  assert.match(ids[0] ?? "", /^ma[qrst][a-z2-7]{26}$/);
  assert.notEqual(ids[0], ids[1]);
});

test("a worker that dies without a word is replaced, and what it had goes to the next", async () => {
  const tab = new Tab();
  const first = tab.worker;
  first.say({ alive: "lock" });
  first.enter(ready);
  const read = tab.engine.call("chat.list", {});
  const write = assert.rejects(tab.engine.call("group.leave", {}), { code: "handed_over" });
  for (const call of first.sent) first.say({ taken: call.id });
  tab.die[0]?.();
  await write;
  assert.deepEqual([first.ended, tab.workers.length, tab.engine.stage.name], [true, 2, "starting"]);
  assert.deepEqual(tab.worker.sent.map((call) => call.method), ["chat.list"]);
  // What the dead one sent last is not believed any more.
  first.enter({ name: "failed", error });
  tab.worker.enter(ready);
  tab.worker.answer(tab.worker.sent[0], []);
  assert.deepEqual(await read, []);
});

test("an engine that breaks again and again is given up", () => {
  const tab = new Tab();
  for (let crash = 0; crash < 3; crash++) {
    tab.time += 1_000;
    tab.worker.enter(ready);
    tab.worker.enter({ name: "failed", error: { ...error, code: "fault" } });
  }
  assert.deepEqual([tab.workers.length, tab.engine.stage.name], [3, "failed"]);
});

test("now and then a crash is no reason to give up", () => {
  const tab = new Tab();
  for (let crash = 0; crash < 5; crash++) {
    tab.time += 61_000;
    tab.worker.enter(ready);
    tab.worker.enter({ name: "failed", error: { ...error, code: "fault" } });
  }
  assert.deepEqual([tab.workers.length, tab.engine.stage.name], [6, "starting"]);
});

test("events and stages reach those who listen, until they stop", async () => {
  const { engine, worker } = new Tab();
  const heard: string[] = [];
  const stop = engine.listen((event) => heard.push(event.event));
  const stages: string[] = [];
  engine.onStage((stage) => stages.push(stage.name));
  worker.enter({ name: "waiting" });
  worker.say({ text: JSON.stringify({ event: { event: "outbox.changed", waiting: 1 } }) });
  stop();
  worker.say({ text: JSON.stringify({ event: { event: "outbox.changed", waiting: 0 } }) });
  worker.enter(ready);
  assert.deepEqual(heard, ["outbox.changed"]);
  assert.deepEqual(stages, ["starting", "waiting", "ready"]);
  assert.equal((await engine.until("ready")).name, "ready");
});

test("starting over ends the worker, takes everything away and begins again", async () => {
  const tab = new Tab();
  const first = tab.worker;
  first.enter({ name: "failed", error: { ...error, code: "vault_missing" } });
  await tab.engine.startOver();
  assert.deepEqual([first.ended, tab.erased, tab.workers.length, tab.engine.stage.name], [true, true, 2, "starting"]);
});
