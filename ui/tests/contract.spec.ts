// The fake of the API and the real worker with a real relay do the same (src/bridge/contract.ts).
import type { Client, Event } from "../../client-core/bindings/chatty.ts";
import { CASES, type Side } from "../src/bridge/contract.ts";
import { createFake } from "../src/bridge/fake/index.ts";
import { expect, stage, test } from "./world.ts";
import { test as plain } from "@playwright/test";

/** Waits in a growing list of events; each is found once. */
function waiter(heard: () => Promise<readonly Event[]>): Side["event"] {
  const seen = new Set<number>();
  return async (name, fits) => {
    let found: Event | undefined;
    await expect
      .poll(async () => {
        const events = await heard();
        const place = events.findIndex((event, index) => !seen.has(index) && event.event === name && fits(event as never));
        if (place < 0) return false;
        seen.add(place);
        found = events[place];
        return true;
      }, { message: `${name}`, intervals: [20, 50, 100] })
      .toBe(true);
    return found as never;
  };
}

/** What went wrong, and at which line of contract.ts. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  const place = error.stack?.split("\n").findLast((line) => line.includes("contract.ts"));
  return `${error.message} ${place?.trim() ?? ""}`;
}

/** All cases, so that one difference does not hide the next. */
async function keep(side: Side): Promise<void> {
  const broken: string[] = [];
  for (const one of CASES) await plain.step(one.name, () => one.run(side).catch((error: unknown) => void broken.push(`${one.name}: ${told(error)}`)));
  expect(broken).toEqual([]);
}

plain("the fake keeps the contract", async () => {
  const fake = createFake({ begin: (_, script) => void script.person("bob", "Bob") });
  const heard: Event[] = [];
  fake.listen((event) => heard.push(event));
  const bob = fake.world.person("@bob");
  const room = () => [...fake.world.rooms.values()].find((row) => row.with === bob.user)!;
  const side: Side = {
    api: fake.api,
    origin: "https://chatty.example",
    code: async () => fake.world.codes.at(-1) ?? "",
    event: waiter(async () => heard),
    bobAccepts: async () => {},
    bobWrites: async (text) => void fake.script.incoming(room(), bob, text),
    server: async (there) => fake.script.connection(there ? "online" : "serverDown"),
  };
  await keep(side);
});

test("the real engine keeps the contract", async ({ world }) => {
  const page = await world.tab(await world.browser("ann"));
  await stage(page, "ready");
  await world.signUpByCommand("bob");
  await page.evaluate(() => {
    const heard: Event[] = [];
    Object.assign(globalThis, { heard });
    chatty.engine.listen((event) => heard.push(event));
  });
  const call = async (method: string, params: unknown) => {
    const answer = await page.evaluate(
      ([method, params]) => chatty.engine.call(method, params).then((reply) => ({ reply }), (error: unknown) => ({ error })),
      [method, params] as const,
    );
    if ("error" in answer) throw answer.error;
    return answer.reply;
  };
  const side: Side = {
    api: { call, listen: () => () => {} } as unknown as Client,
    origin: world.origin,
    code: () => world.code("ann@example.org"),
    event: waiter(() => page.evaluate(() => (globalThis as unknown as { heard: Event[] }).heard)),
    bobAccepts: async () => void (await world.chatty("bob", "requests", "accept", "@ann")),
    bobWrites: async (text) => void (await world.chatty("bob", "send", "@ann", text)),
    server: (there) => (there ? world.startRelayAgain() : world.killRelay()),
  };
  await keep(side);
});
