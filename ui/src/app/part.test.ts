import assert from "node:assert/strict";
import { test } from "node:test";
import { part, type Around } from "./part.ts";

/** A server that is away for so many attempts; its parts are there from the attempt of that number on. */
function serverAway(attempts: number, from = attempts) {
  const pauses: number[] = [];
  let tried = 0;
  const around: Around = {
    answers: async () => tried > attempts,
    pause: async (ms) => void pauses.push(ms),
  };
  const load = async () => {
    tried += 1;
    if (tried <= from) throw new TypeError("Failed to fetch dynamically imported module: /assets/x.js");
    return "screen";
  };
  return { load: part(load, around), pauses, tried: () => tried };
}

test("a part that is there is loaded once", async () => {
  const server = serverAway(0);
  assert.equal(await server.load(), "screen");
  assert.equal(server.tried(), 1);
});

test("without a server a part is waited for, with longer and longer pauses", async () => {
  const server = serverAway(6);
  assert.equal(await server.load(), "screen");
  assert.deepEqual(server.pauses, [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test("a server that answers and has no such part any more is told to the router", async () => {
  const server = serverAway(2, 9);
  await assert.rejects(server.load(), /Failed to fetch/);
  assert.equal(server.tried(), 4);
});
