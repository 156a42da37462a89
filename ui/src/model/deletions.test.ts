import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client, Code } from "../../../client-core/bindings/chatty.ts";
import { Deletions, type Hold } from "./deletions.ts";

const ONE = { chat: "chat", message: "one" };

/** A browser: what its tabs share. `close` ends a tab as the browser does, which lets go of its locks. */
function browser() {
  let stored: string | null = null;
  const held = new Map<string, Promise<unknown>>();
  const deleted = new Set<string>();
  const calls: string[] = [];
  const refusals: Code[] = [];
  const place = { getItem: () => stored, setItem: (_key: string, value: string) => void (stored = value) };
  function tab() {
    let [alive, close] = [true, () => undefined as void];
    const closed = new Promise<void>((resolve) => (close = () => ((alive = false), resolve())));
    const hold: Hold = (name, work) => {
      const next = (held.get(name) ?? Promise.resolve()).then(() => (alive ? Promise.race([work(), closed]) : undefined));
      held.set(name, next);
      return next;
    };
    const call = async (method: string, { message }: { message: string }) => {
      await Promise.resolve();
      if (!alive) return new Promise(() => undefined);
      if (method === "message.get") return { id: message, deleted: deleted.has(message) };
      calls.push(message);
      const code = refusals.shift();
      if (code !== undefined) throw { code, message: "", hint: "" };
      deleted.add(message);
      return {};
    };
    return { deletions: new Deletions({ call } as unknown as Client, place, hold), close: () => close() };
  }
  return { tab, deleted, calls, refusals, records: () => JSON.parse(stored ?? "[]") as unknown };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a deletion shows at once, is told at its end, and leaves no record", async () => {
  const { tab, deleted, records } = browser();
  const { deletions } = tab();
  deletions.begin(ONE);
  assert.ok(deletions.store.getState().leaving.has("one"));
  await settled();
  assert.deepEqual([records(), deleted.size], [[ONE], 0]);
  await deletions.carryOut("one");
  assert.deepEqual([records(), [...deleted]], [[], ["one"]]);
  assert.ok(deletions.store.getState().leaving.has("one"), "it comes back for no moment");
});

test("what is taken back is never told, by no tab", async () => {
  const { tab, calls, records } = browser();
  const [first, second] = [tab().deletions, tab().deletions];
  first.begin(ONE);
  await settled();
  const waiting = second.takeOver();
  await settled();
  assert.ok(second.store.getState().leaving.has("one"));
  first.undo("one");
  await waiting;
  for (const each of [first, second]) assert.ok(!each.store.getState().leaving.has("one"));
  assert.deepEqual([calls, records()], [[], []]);
});

test("a tab that is closed has it carried out by another, or by the next start, once", async () => {
  for (const when of ["another", "next"]) {
    const { tab, deleted, calls, records } = browser();
    const first = tab();
    const other = when === "another" ? tab() : undefined;
    first.deletions.begin(ONE);
    await settled();
    const waiting = other?.deletions.takeOver();
    await settled();
    assert.deepEqual(calls, [], "not while its tab lives");
    first.close();
    const { deletions } = other ?? tab();
    assert.ok(deletions.store.getState().leaving.has("one"), "it is not shown again meanwhile");
    await (waiting ?? deletions.takeOver());
    assert.deepEqual([[...deleted], calls, records()], [["one"], ["one"], []], when);
  }
});

test("a page that goes tells the engine itself, and what was told is not told again", async () => {
  const { tab, deleted, calls } = browser();
  const first = tab();
  first.deletions.begin(ONE);
  first.deletions.leave();
  await settled();
  assert.deepEqual([...deleted], ["one"]);
  first.close();
  await tab().deletions.takeOver();
  assert.deepEqual(calls, ["one"]);
});

test("what is refused is shown again; what nobody knows is asked again; an engine that ends leaves the record", async () => {
  const { tab, refusals, calls, records } = browser();
  const { deletions } = tab();
  deletions.begin(ONE);
  await settled();
  refusals.push("not_member");
  await assert.rejects(deletions.carryOut("one"), { code: "not_member" });
  assert.ok(!deletions.store.getState().leaving.has("one"));
  assert.deepEqual(records(), []);

  deletions.begin(ONE);
  await settled();
  refusals.push("stopping");
  await deletions.carryOut("one");
  assert.deepEqual(records(), [ONE]);

  refusals.push("handed_over");
  await tab().deletions.takeOver();
  assert.deepEqual([calls.length, records()], [4, []]);
});
