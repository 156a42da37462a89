// What a browser may do to the files: old ones, half of them gone, no room for more.
import type { Page } from "@playwright/test";
import { withOldStore } from "./old-store.ts";
import { accessible } from "./people.ts";
import { expect, stage, test, type World } from "./world.ts";

/** Waits for the end of the start, whatever it is. */
function found(page: Page) {
  return page.evaluate(async () => {
    const stage = await chatty.engine.until("ready", "failed");
    return stage.name === "failed" ? stage.error.code : stage.name;
  });
}

/** The engine is gone from this page, and what it kept can be changed. */
async function whileClosed(page: Page, change: () => Promise<void>): Promise<void> {
  await page.evaluate(() => chatty.engine.close());
  await page.evaluate(change);
  await page.reload();
}

const removeKey = () =>
  new Promise<void>((resolve, reject) => {
    const gone = indexedDB.deleteDatabase("chatty");
    gone.onsuccess = () => resolve();
    gone.onerror = () => reject(new Error("not removed"));
  });

/** Removes a file or folder below ours as soon as the ended worker lets go of it. */
const removeFiles = async (name: string) => {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle("chatty");
  for (;;) {
    const busy = await folder.removeEntry(name, { recursive: true }).then(() => false, (error: DOMException) => error.name === "NoModificationAllowedError");
    if (!busy) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const removeDatabase = `(${removeFiles.toString()})("pool")`;
const removeEpoch = `(${removeFiles.toString()})("epoch")`;

/** Names of SQLite's files in the pool, by their first bytes. */
const names = async () => {
  const found: string[] = [];
  const look = async (folder: FileSystemDirectoryHandle): Promise<void> => {
    for await (const entry of folder.values()) {
      if (entry.kind === "directory") await look(entry as FileSystemDirectoryHandle);
      else {
        const head = await (await (entry as FileSystemFileHandle).getFile()).slice(0, 512).text();
        if (head.includes("chatty.db")) found.push(head.slice(0, head.indexOf("\0")));
      }
    }
  };
  await look(await navigator.storage.getDirectory());
  return found;
};

async function signedUp(world: World): Promise<Page> {
  const page = await world.tab(await world.browser("ann"));
  await stage(page, "ready");
  await world.signUpInPage(page, "ann");
  return page;
}

async function startOver(page: Page): Promise<void> {
  await page.evaluate(() => chatty.engine.startOver());
  await stage(page, "ready");
  const who = await page.evaluate(() => chatty.api.call("account.who_am_i", {}).then(() => "somebody", (error: { code: string }) => error.code));
  expect(who).toBe("not_signed_in");
}

test("a store without its key is told, never written over, and a person can start over", async ({ world }) => {
  const page = await signedUp(world);
  await whileClosed(page, removeKey);
  expect(await found(page)).toBe("vault_missing");
  await page.reload();
  expect(await found(page)).toBe("vault_missing");
  // By the screen: what it means, what is lost, and one way on.
  await expect(page.getByRole("heading", { name: "The key to your messages is gone" })).toBeVisible();
  await page.getByRole("button", { name: "Start over" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("cannot be opened any more");
  await accessible(page, "start over");
  await dialog.getByRole("button", { name: "Start over" }).click();
  await expect(page.getByRole("button", { name: "Create account" })).toBeVisible();
});

test("a key without its store is told, and a person can start over", async ({ world }) => {
  const page = await signedUp(world);
  await page.evaluate(() => chatty.engine.close());
  await page.evaluate(removeDatabase);
  await page.reload();
  expect(await found(page)).toBe("store_missing");
  // It is not taken for a new browser the second time either.
  await page.reload();
  expect(await found(page)).toBe("store_missing");
  await startOver(page);
});

test("a store whose epoch is gone is taken for one that was put back", async ({ world }) => {
  const page = await signedUp(world);
  const user = (await page.evaluate(() => chatty.api.call("account.who_am_i", {}))).user;
  await page.evaluate(() => chatty.engine.close());
  await page.evaluate(removeEpoch);
  await page.addInitScript(() => {
    const alarms: string[] = [];
    Object.assign(globalThis, { alarms });
    const look = setInterval(() => {
      const engine = (globalThis as { chatty?: typeof chatty }).chatty?.engine;
      if (engine === undefined) return;
      clearInterval(look);
      engine.listen((event) => event.event === "alarm" && alarms.push(event.kind));
    }, 1);
  });
  await page.reload();
  expect(await found(page)).toBe("ready");
  expect((await page.evaluate(() => chatty.api.call("account.who_am_i", {}))).user).toBe(user);
  await expect.poll(() => page.evaluate(() => (globalThis as unknown as { alarms: string[] }).alarms)).toContain("restored");
});

test("starting over says what is lost, and not while another tab is in use", async ({ world }) => {
  const page = await signedUp(world);
  const other = await world.tab(page.context() as never);
  await stage(other, "ready");
  const refused = await other.evaluate(() => chatty.engine.startOver().then(() => "erased", (error: { code: string }) => error.code));
  expect(refused).toBe("home_in_use");
  expect((await page.evaluate(() => chatty.api.call("account.who_am_i", {}))).handle).toBe("ann");
});

test("without room nothing is lost: what is refused is told, and goes when there is room again", async ({ world }) => {
  const page = await signedUp(world);
  await world.signUpByCommand("bob");
  const chat = await page.evaluate(async () => (await chatty.api.call("chat.resolve", { name: "@bob", create: true })).id);
  await page.evaluate((chat) => chatty.api.call("message.send", { chat, text: "before" }), chat);
  await expect.poll(() => world.chatty("bob", "requests", "accept", "@ann").then(() => true, () => false)).toBe(true);
  await expect.poll(() => world.chatty("bob", "send", "@ann", "yes").then(() => true, () => false)).toBe(true);
  await expect.poll(() => page.evaluate(async (chat) => (await chatty.api.call("message.list", { chat, limit: 9 })).length, chat)).toBe(2);
  const send = (text: string) =>
    page.evaluate(([chat, text]) => chatty.api.call("message.send", { chat, text }).then(() => "sent", (error: { code: string }) => error.code), [chat, text] as const);
  const session = await page.context().newCDPSession(page);
  const quota = (size?: number) => session.send("Storage.overrideQuotaForOrigin", { origin: world.origin, ...(size === undefined ? {} : { quotaSize: size }) });
  await quota(1);
  // The files have some room inside; a long text needs more.
  const long = "x".repeat(60_000);
  const sent: string[] = [];
  await expect.poll(async () => {
    const said = await send(`${sent.length} ${long}`);
    if (said === "sent") sent.push(`${sent.length} ${long}`);
    return said;
  }, { intervals: [0] }).toBe("disk_full");
  await quota();
  expect(await send("after")).toBe("sent");
  const texts = await page.evaluate(async (chat) => (await chatty.api.call("message.list", { chat, limit: 500 })).map((row) => row.text), chat);
  expect(texts).toEqual(["before", "yes", ...sent, "after"]);
  await page.reload();
  await stage(page, "ready");
  expect(await page.evaluate(async (chat) => (await chatty.api.call("message.list", { chat, limit: 500 })).length, chat)).toBe(sent.length + 3);
});

test("a store of an older program is brought forward with everything in it, and its copy goes", async () => {
  await withOldStore(async ({ page, chat, open }) => {
    await open();
    expect(await found(page)).toBe("ready");
    const texts = await page.evaluate(async (chat) => (await chatty.api.call("message.list", { chat, limit: 10 })).map((row) => row.text), chat);
    expect(texts).toEqual(["written by the first version"]);
    // The names in the first bytes of the pool's files.
    await page.evaluate(() => chatty.engine.close());
    const left = await page.evaluate(names);
    expect(left).toContain("chatty.db");
    expect(left).not.toContain("chatty.db.copy");
  });
});

test("without room for the copy nothing is migrated and nothing lost", async () => {
  await withOldStore(async ({ page, chat, quota, open }) => {
    await quota(1);
    await open();
    expect(await found(page)).toBe("disk_full");
    await quota();
    await page.reload();
    expect(await found(page)).toBe("ready");
    expect(await page.evaluate(async (chat) => (await chatty.api.call("message.list", { chat, limit: 10 })).length, chat)).toBe(1);
  });
});
