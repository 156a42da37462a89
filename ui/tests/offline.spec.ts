// Nothing that was typed or sent is lost: drafts through hazards, and what is written without a server.
import type { Page, Route } from "@playwright/test";
import { befriend, go, talk } from "./people.ts";
import { expect, stage, test } from "./world.ts";

const field = (page: Page) => page.getByRole("textbox", { name: /^Message / });
const last = (page: Page) => page.locator("article[data-id]").last();
/** The engine has what is in the field. */
const kept = (page: Page, chat: string) => expect.poll(() => page.evaluate(async (chat) => (await chatty.api.call("draft.get", { chat })).text, chat));

test("a draft survives another chat, an incoming message, a change, a refusal, a reload and a tab that dies", async ({ world }) => {
  const { page, chat } = await talk(world);
  await field(page).fill("half a thought");
  await kept(page, chat).toBe("half a thought");

  // Another chat, and the same one opened again.
  await go(page, "/chats");
  await expect(field(page)).toBeHidden();
  await go(page, `/c/${chat}`);
  await expect(field(page)).toHaveValue("half a thought");

  // A message comes in.
  await world.chatty("bob", "send", "@ann", "are you there?");
  await expect(last(page)).toContainText("are you there?");
  await expect(field(page)).toHaveValue("half a thought");

  // An old message is changed meanwhile; a reload in the middle of that keeps both.
  await page.getByRole("article", { name: /^You, hello/ }).focus();
  await page.keyboard.press("e");
  await expect(field(page)).toHaveValue("hello");
  await field(page).fill("hello again");
  await kept(page, chat).toBe("hello again");
  await page.reload();
  await stage(page, "ready");
  await expect(field(page)).toHaveValue("hello again");
  await field(page).press("Escape");
  await expect(field(page)).toHaveValue("half a thought");

  // The engine refuses to send.
  await page.evaluate(() => {
    const { api } = chatty;
    const call = api.call.bind(api);
    api.call = ((method, params) => (method === "message.send" ? ((api.call = call), Promise.reject({ code: "disk_full", message: "", hint: "" })) : call(method, params))) as typeof api.call;
  });
  await field(page).press("Enter");
  await expect(page.getByRole("alert")).toContainText("This device is full");
  await expect(field(page)).toHaveValue("half a thought");

  // The tab dies without a word; another one opens.
  await kept(page, chat).toBe("half a thought");
  const browser = page.context();
  const crashed = page.waitForEvent("crash").catch(() => undefined);
  await Promise.race([page.goto("chrome://crash").catch(() => undefined), crashed]);
  await page.close();
  const next = await world.tab(browser);
  await stage(next, "ready");
  await go(next, `/c/${chat}`);
  await expect(field(next)).toHaveValue("half a thought");
  await field(next).press("Enter");
  await expect(last(next)).toContainText("half a thought");
  await kept(next, chat).toBe("");
});

test("what is written without a server waits as a bubble and leaves when it is back", async ({ world }) => {
  const { page } = await talk(world);
  await field(page).waitFor();
  await world.killRelay();
  await expect.poll(() => page.evaluate(async () => (await chatty.api.call("sync.state", {})).link)).not.toBe("online");
  await field(page).fill("still here");
  await field(page).press("Enter");
  await expect(last(page)).toHaveAccessibleName(/^You, still here, .*, Waiting$/);
  await expect(last(page)).toContainText("Waiting");
  await world.startRelayAgain();
  await expect(last(page)).toHaveAccessibleName(/^You, still here, .*, (Sent|Delivered)$/);
  await expect.poll(async () => (await world.chatty("bob", "messages", "@ann")).map((row) => row["text"])).toEqual(["hello", "still here"]);
});

test("a screen that was never opened is waited for without a server, and nothing else goes", async ({ world }) => {
  const { page } = await befriend(world);
  // Asked for when the page has nothing to do, and not there yet when the server goes.
  const part = /\/assets\/Settings-/;
  const asked: Route[] = [];
  let held = true;
  await page.context().route(part, (route) => (held ? void asked.push(route) : route.continue()));
  await page.goto(`${world.origin}/chats`);
  await stage(page, "ready");
  await page.getByRole("heading", { name: "Chats", exact: true }).waitFor();
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  await page.evaluate(() => Object.assign(globalThis, { here: true }));
  await world.killRelay();
  held = false;
  for (const route of asked) await route.abort("connectionrefused");
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(page.getByText("It opens when the server is back.")).toBeVisible();
  await world.startRelayAgain();
  await page.getByRole("navigation", { name: "Settings" }).waitFor();
  expect(await page.evaluate(() => "here" in globalThis)).toBe(true);
});
