// The engine in a browser, with no screens: the API through the worker (milestone U0 of issue 4).
import type { Page } from "@playwright/test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { befriend } from "./people.ts";
import { expect, stage, test } from "./world.ts";

/** Every text of a chat, oldest first. */
function texts(page: Page, chat: string): Promise<(string | null)[]> {
  return page.evaluate(async (chat) => {
    const rows = await chatty.api.call("message.list", { chat, limit: 50 });
    return rows.map((row) => row.text);
  }, chat);
}

/** All bytes of a folder, each file as Latin-1 text. */
async function contents(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")));
}

test("a browser and the command line talk, and a reload and a restart keep the history", async ({ world }) => {
  let browser = await world.browser("ann");
  let page = await world.tab(browser);
  await stage(page, "ready");
  await world.signUpInPage(page, "ann");
  await world.signUpByCommand("bob");

  // From the program to the browser: a stranger's request, accepted.
  await world.chatty("bob", "send", "@ann", "hello from a program");
  const request = () => page.evaluate(async () => (await chatty.api.call("request.list", {}))[0] ?? null);
  await expect.poll(async () => (await request())?.preview).toBe("hello from a program");
  const chat = (await request())?.id ?? "";
  await page.evaluate((chat) => chatty.api.call("request.accept", { chat }), chat);
  await expect.poll(() => texts(page, chat)).toEqual(["hello from a program"]);

  // And back.
  const sent = await page.evaluate(async (chat) => {
    const sent = await chatty.api.call("message.send", { chat, text: "hello from a browser" });
    return chatty.api.call("message.wait", { chat, message: sent.id, timeout_ms: 60_000 });
  }, chat);
  expect(sent.seq).toBeGreaterThan(0);
  const both = ["hello from a program", "hello from a browser"];
  await expect
    .poll(async () => (await world.chatty("bob", "messages", "@ann")).map((row) => row["text"]))
    .toEqual(both);

  // A reload ends the worker in whatever it does; the store is whole.
  const before = await page.evaluate(() => chatty.api.call("account.who_am_i", {}));
  expect([before.handle, before.device_state]).toEqual(["ann", "approved"]);
  await page.reload();
  await stage(page, "ready");
  expect(await page.evaluate(() => chatty.api.call("account.who_am_i", {}))).toEqual(before);
  expect(await texts(page, chat)).toEqual(both);

  // So does the end of the browser, and what it leaves behind shows nothing of the messages.
  await browser.close();
  const left = await contents(world.profile("ann"));
  // A file of the pool begins with the name that SQLite gave it.
  const pool = left.filter((file) => /^\/?chatty\.db/.test(file));
  expect(pool.length, "the database is in the profile").toBeGreaterThan(0);
  for (const clear of ["SQLite format 3", "CREATE TABLE"]) {
    expect(pool.some((file) => file.includes(clear)), `${clear} in the database`).toBe(false);
  }
  expect(left.some((file) => file.includes("hello from")), "a message lies in the clear").toBe(false);
  browser = await world.browser("ann");
  page = await world.tab(browser);
  await stage(page, "ready");
  expect(await texts(page, chat)).toEqual(both);

  // What was sent in the moment before a reload arrives, and once.
  await page.evaluate((chat) => chatty.api.call("message.send", { chat, text: "just before" }), chat);
  await page.reload();
  await stage(page, "ready");
  await expect
    .poll(async () => (await world.chatty("bob", "messages", "@ann")).map((row) => row["text"]))
    .toEqual([...both, "just before"]);

  // The ratchets went on where they were: both sides still read each other.
  await world.chatty("bob", "send", "@ann", "still there?");
  await expect.poll(() => texts(page, chat)).toEqual([...both, "just before", "still there?"]);
});

test("what is written while the relay is away leaves when it is back, once", async ({ world }) => {
  const { page, chat } = await befriend(world);
  await world.killRelay();
  const link = () => page.evaluate(async () => (await chatty.api.call("sync.state", {})).link);
  await expect.poll(link).not.toBe("online");
  await page.evaluate((chat) => chatty.api.call("message.send", { chat, text: "meanwhile" }), chat);
  expect(await page.evaluate(async () => (await chatty.api.call("sync.state", {})).outbox)).toBeGreaterThan(0);
  await world.startRelayAgain();

  await expect
    .poll(async () => (await world.chatty("bob", "messages", "@ann")).map((row) => row["text"]))
    .toEqual(["hello", "meanwhile"]);
  await expect.poll(link).toBe("online");
});
