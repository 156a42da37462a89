// Several tabs over one engine: every tab is whole, and the engine moves when its tab goes, freezes or dies.
import type { CDPSession, Page } from "@playwright/test";
import { expect, stage, test, type World } from "./world.ts";

/** Texts of a chat, oldest first. */
function texts(page: Page, chat: string): Promise<(string | null)[]> {
  return page.evaluate(async (chat) => (await chatty.api.call("message.list", { chat, limit: 100 })).map((row) => row.text), chat);
}

function send(page: Page, chat: string, text: string): Promise<string> {
  return page.evaluate(async ([chat, text]) => (await chatty.api.call("message.send", { chat, text })).id, [chat, text] as const);
}

/** Ann's browser with its first tab, and a chat with bob, who accepted it. */
async function annAndBob(world: World) {
  const browser = await world.browser("ann");
  const first = await world.tab(browser);
  await stage(first, "ready");
  const user = await world.signUpInPage(first, "ann");
  await world.signUpByCommand("bob");
  const chat = await first.evaluate(async () => (await chatty.api.call("chat.resolve", { name: "@bob", create: true })).id);
  await send(first, chat, "hello");
  const bob = () => world.chatty("bob", "messages", "@ann").then((rows) => rows.map((row) => row["text"]));
  await expect.poll(() => world.chatty("bob", "requests", "accept", "@ann").then(() => true, () => false)).toBe(true);
  await expect.poll(bob).toEqual(["hello"]);
  const tab = async () => {
    const page = await world.tab(browser);
    await stage(page, "ready");
    return page;
  };
  return { browser, first, user, chat, bob, tab };
}

function lifecycle(session: CDPSession, state: "frozen" | "active") {
  return session.send("Page.setWebLifecycleState", { state });
}

test("two tabs write and read in one chat, and both hear what comes", async ({ world }) => {
  const { first, user, chat, bob, tab } = await annAndBob(world);
  const second = await tab();
  expect((await second.evaluate(() => chatty.api.call("account.who_am_i", {}))).user).toBe(user);
  for (const page of [first, second]) {
    await page.evaluate(() => Object.assign(globalThis, { heard: [], stop: chatty.engine.listen((event) => (globalThis as unknown as { heard: string[] }).heard.push(event.event)) }));
  }
  await send(second, chat, "from the second tab");
  await send(first, chat, "from the first tab");
  const all = ["hello", "from the second tab", "from the first tab"];
  await expect.poll(bob).toEqual(all);
  await world.chatty("bob", "send", "@ann", "to both");
  for (const page of [first, second]) {
    await expect.poll(() => texts(page, chat)).toEqual([...all, "to both"]);
    await expect.poll(() => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)).toContain("message.added");
  }
});

test("the leading tab is closed while another one sends: nothing is lost, nothing is sent twice", async ({ world }) => {
  const { first, chat, bob, tab } = await annAndBob(world);
  const second = await tab();
  const wanted = Array.from({ length: 20 }, (_, n) => `number ${n}`);
  // All at once, and in the middle of it the tab with the engine goes.
  const sending = second.evaluate(
    ([chat, wanted]) => Promise.all(wanted.map((text) => chatty.api.call("message.send", { chat, text }).then(() => "sent"))),
    [chat, wanted] as const,
  );
  await first.close();
  expect(new Set(await sending)).toEqual(new Set(["sent"]));
  await stage(second, "ready");
  await expect.poll(async () => (await bob()).slice().sort()).toEqual(["hello", ...wanted].sort());
});

test("what may be done once only is told when the engine goes in the middle of it", async ({ world }) => {
  const { first, tab } = await annAndBob(world);
  const second = await tab();
  // Waits at the relay, which is held.
  world.holdRelay();
  const made = second.evaluate(() =>
    chatty.api.call("group.create", { title: "Walkers", people: [] }).then(() => "made", (error: { code: string }) => error.code),
  );
  // The call is with the engine when a later one is answered.
  await second.evaluate(() => chatty.api.call("sync.state", {}));
  await first.close();
  world.releaseRelay();
  expect(await made).toBe("handed_over");
  await stage(second, "ready");
});

test("a tab that is frozen gives the engine away, and follows when it is back", async ({ world }) => {
  const { browser, first, user, chat, bob, tab } = await annAndBob(world);
  const second = await tab();
  const session = await browser.newCDPSession(first);
  await lifecycle(session, "frozen");
  await send(second, chat, "while the other one is frozen");
  await expect.poll(bob).toEqual(["hello", "while the other one is frozen"]);
  await lifecycle(session, "active");
  await stage(first, "ready");
  expect((await first.evaluate(() => chatty.api.call("account.who_am_i", {}))).user).toBe(user);
  await send(first, chat, "back again");
  await expect.poll(() => texts(second, chat)).toEqual(["hello", "while the other one is frozen", "back again"]);
});

test("a frozen tab that only followed does not get the engine and keep it", async ({ world }) => {
  const { browser, first, chat, bob, tab } = await annAndBob(world);
  const second = await tab();
  const third = await tab();
  const session = await browser.newCDPSession(second);
  await lifecycle(session, "frozen");
  await first.close();
  await send(third, chat, "from the third");
  await expect.poll(bob).toEqual(["hello", "from the third"]);
  await lifecycle(session, "active");
  await expect.poll(() => texts(second, chat)).toEqual(["hello", "from the third"]);
});

test("three tabs, closed one after the other, each write", async ({ world }) => {
  const { first, chat, bob, tab } = await annAndBob(world);
  const [second, third] = [await tab(), await tab()];
  for (const [n, page] of [first, second, third].entries()) await send(page, chat, `tab ${n}`);
  await first.close();
  await send(third, chat, "two are left");
  await second.close();
  await send(third, chat, "one is left");
  await expect.poll(bob).toEqual(["hello", "tab 0", "tab 1", "tab 2", "two are left", "one is left"]);
  expect(await texts(third, chat)).toEqual(["hello", "tab 0", "tab 1", "tab 2", "two are left", "one is left"]);
});

test("an engine that was asked to end lets another tab go on, which then answers the first one too", async ({ world }) => {
  const { first, user, tab } = await annAndBob(world);
  const second = await tab();
  await first.evaluate(() => chatty.api.call("engine.shutdown", {}));
  for (const page of [second, first]) {
    await expect.poll(() => page.evaluate(() => chatty.api.call("account.who_am_i", {}).then((who) => who.user, () => ""))).toBe(user);
  }
});

test("a worker that is gone without a word is replaced, with all that was asked", async ({ world }) => {
  const { first, chat, bob } = await annAndBob(world);
  const worker = first.workers()[0];
  const sending = first.evaluate(
    (chat) => Promise.all(["a", "b", "c"].map((text) => chatty.api.call("message.send", { chat, text }).then(() => "sent"))),
    chat,
  );
  await worker?.evaluate(() => self.close());
  expect(await sending).toEqual(["sent", "sent", "sent"]);
  await expect.poll(async () => (await bob()).slice().sort()).toEqual(["a", "b", "c", "hello"]);
  await stage(first, "ready");
});
