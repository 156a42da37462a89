// Workers of several tabs with played engines over the real locks and the real channel of this Node.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Hub, type Engine } from "./hub.ts";
import type { Call, Stage, ToPage } from "./protocol.ts";

/** Everybody of one test: other tests have other locks and another channel. */
class Origin {
  readonly name = crypto.randomUUID();
  readonly locks = {
    request: (name: string, wish: LockOptions, run: () => Promise<void>) => navigator.locks.request(`${this.name}/${name}`, wish, run),
  } as LockManager;
  tabs: Tab[] = [];
  tab(): Tab {
    const tab = new Tab(this);
    this.tabs.push(tab);
    return tab;
  }
  end(): void {
    for (const tab of this.tabs) tab.close();
  }
}

class Tab {
  told: ToPage[] = [];
  heard: Call[] = [];
  #wake: (() => void)[] = [];
  #channel: BroadcastChannel;
  #end = () => {};
  #tell: Parameters<Engine["serve"]>[0] = () => {};
  readonly hub: Hub;

  constructor(origin: Origin) {
    this.#channel = new BroadcastChannel(origin.name);
    this.hub = new Hub({
      tab: crypto.randomUUID(),
      locks: origin.locks,
      channel: this.#channel,
      tellPage: (told) => {
        this.told.push(told);
        this.#wake.splice(0).forEach((wake) => wake());
      },
      load: () => Promise.resolve({ serve: (tell) => this.#serve(tell), hear: (text) => this.#hear(JSON.parse(text) as Call) }),
    });
    void this.hub.start();
  }

  #serve(tell: Parameters<Engine["serve"]>[0]): Promise<void> {
    this.#tell = tell;
    tell(JSON.stringify({ stage: { name: "ready", damaged: false } }));
    return new Promise((resolve) => (this.#end = resolve));
  }

  #hear(call: Call): void {
    this.heard.push(call);
    if (call.method === "engine.shutdown") {
      this.#tell(JSON.stringify({ stage: { name: "stopped" } }));
      this.#end();
    } else if (call.method === "echo") this.#tell(JSON.stringify({ id: call.id, reply: call.params }), call.id);
  }

  event(waiting: number): void {
    this.#tell(JSON.stringify({ event: { event: "outbox.changed", waiting } }));
  }

  /** Waits for something that the page was told. */
  async until(found: (told: ToPage) => boolean): Promise<ToPage> {
    for (;;) {
      const told = this.told.find(found);
      if (told !== undefined) return told;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  stage(name: Stage["name"]): Promise<ToPage> {
    return this.until((told) => "stage" in told && told.stage.name === name);
  }

  async answer(id: number): Promise<unknown> {
    const told = await this.until((told) => "text" in told && told.id === id);
    return "text" in told ? (JSON.parse(told.text) as { reply: unknown }).reply : undefined;
  }

  get stages(): string[] {
    return this.told.flatMap((told) => ("stage" in told ? [told.stage.name] : []));
  }

  /** The tab is gone, and everything that it held. */
  close(): void {
    this.hub.letGo();
    this.#channel.close();
  }
}

test("one tab runs the engine, the others are answered by it and hear its events", async () => {
  const origin = new Origin();
  const first = origin.tab();
  await first.stage("ready");
  const second = origin.tab();
  await second.stage("ready");
  // Both pages count from one: answers go to the page that asked.
  first.hub.call({ id: 1, method: "echo", params: "of the first" });
  second.hub.call({ id: 1, method: "echo", params: "of the second" });
  assert.deepEqual(await Promise.all([first.answer(1), second.answer(1)]), ["of the first", "of the second"]);
  assert.deepEqual([first.heard.length, second.heard.length], [2, 0]);
  first.event(7);
  const event = await second.until((told) => "text" in told && told.id === undefined);
  assert.ok("text" in event && event.text.includes("outbox.changed"));
  origin.end();
});

test("the word that a call may be done comes before its answer", async () => {
  const origin = new Origin();
  await origin.tab().stage("ready");
  const second = origin.tab();
  await second.stage("ready");
  second.hub.call({ id: 5, method: "echo", params: 1 });
  await second.answer(5);
  const order = second.told.flatMap((told) => ("taken" in told ? ["taken"] : "text" in told ? ["answer"] : []));
  assert.deepEqual(order, ["taken", "answer"]);
  origin.end();
});

test("when the leader lets go, a follower leads; its calls that were not taken are done there", async () => {
  const origin = new Origin();
  const first = origin.tab();
  await first.stage("ready");
  const second = origin.tab();
  await second.stage("ready");
  const third = origin.tab();
  await third.stage("ready");
  first.hub.letGo();
  // In the moment in which nobody leads.
  third.hub.call({ id: 9, method: "echo", params: "not lost" });
  assert.equal(await third.answer(9), "not lost");
  assert.equal(second.heard.filter((call) => call.method === "echo").length, 1);
  assert.deepEqual(third.stages.filter((name) => name === "ready").length, 2);
  // The page of the one that let go is not told that the engine is over.
  assert.ok(!first.stages.includes("stopped"));
  origin.end();
});

test("what the end of the engine cut off is no answer for another tab", async () => {
  const origin = new Origin();
  const first = origin.tab();
  await first.stage("ready");
  const second = origin.tab();
  await second.stage("ready");
  second.hub.call({ id: 3, method: "group.create", params: {} });
  await second.until((told) => "taken" in told);
  first.hub.letGo();
  await second.until((told) => "stage" in told && told.stage.name === "starting");
  assert.ok(!second.told.some((told) => "text" in told && told.id === 3));
  origin.end();
});

test("a leader whose lock is taken away lets go and asks for a new worker", async () => {
  const origin = new Origin();
  const first = origin.tab();
  await first.stage("ready");
  void origin.locks.request("chatty/store", { steal: true }, () => Promise.resolve());
  await first.until((told) => "again" in told);
  assert.equal(first.heard.at(-1)?.method, "engine.shutdown");
  origin.end();
});
