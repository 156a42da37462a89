// Two people, two browsers: from the welcome to the first words (milestone U1 of issue 4).
import type { Page } from "@playwright/test";
import { expect, test } from "./world.ts";
import { accessible, signUp } from "./people.ts";

interface Effort {
  presses: number;
  fields: number;
  screens: number;
}

/** Counts what a person does on the page, by what the browser itself was told. */
async function count(page: Page): Promise<() => Promise<Effort>> {
  await page.evaluate(() => {
    const presses = { count: 0 };
    const fields = new Set<string>();
    const screens = new Set([location.pathname.replace(/^\/c\/.*/, "/c")]);
    addEventListener("pointerdown", (event) => void (event.isTrusted && presses.count++), true);
    addEventListener("input", ({ target }) => void fields.add(`${location.pathname} ${(target as HTMLElement).id}`), true);
    const look = () => {
      screens.add(location.pathname.replace(/^\/c\/.*/, "/c"));
      requestAnimationFrame(look);
    };
    look();
    Object.assign(globalThis, { effort: () => ({ presses: presses.count, fields: fields.size, screens: screens.size }) });
  });
  return () => page.evaluate(() => (globalThis as unknown as { effort: () => Effort }).effort());
}

test("two people sign up, find each other by handle and talk", async ({ world }) => {
  const ada = await world.tab(await world.browser("ada"));
  const bo = await world.tab(await world.browser("bo"));
  await signUp(world, ada, "Ada Ng", "ada", (where) => accessible(ada, where));
  // The first minute: from the welcome to the list of chats, without anything that only a test does.
  await bo.getByRole("button", { name: "Create account" }).waitFor();
  const effort = await count(bo);
  const began = Date.now();
  await signUp(world, bo, "Bo Lind", "bo_lind");
  const took = Date.now() - began;
  const done = await effort();
  console.log(`first minute: ${done.presses} presses, ${done.fields} fields, ${done.screens} screens; ${(took / 1000).toFixed(1)} s without reading and typing (target 60 s with them)`);
  // 5 s a screen to look at, 3 s a field to fill and 1 s a press stay below a minute.
  expect(done.screens).toBeLessThanOrEqual(6);
  expect(done.fields).toBeLessThanOrEqual(5);
  expect(done.presses).toBeLessThanOrEqual(4);
  await accessible(ada, "no chats");

  await ada.getByRole("button", { name: "New chat" }).click();
  await ada.getByLabel("Handle").fill("@Bo_Lind");
  await accessible(ada, "new chat");
  await ada.getByRole("button", { name: "Say hi" }).click();
  await ada.waitForURL(/\/c\//);
  await ada.getByRole("textbox", { name: "Message @bo_lind" }).fill("Hello Bo");
  await ada.keyboard.press("Enter");
  await expect(ada.locator("article[data-id]")).toHaveText([/Hello Bo/]);
  await accessible(ada, "conversation");

  // Bo sees a request, not a chat, and decides.
  await bo.getByRole("link", { name: /Requests 1/ }).click();
  await bo.getByRole("row", { name: /Hello Bo/ }).click();
  await bo.getByRole("heading", { name: "Request", exact: true }).waitFor();
  await expect(bo.getByText("Hello Bo").last()).toBeVisible();
  await accessible(bo, "request");
  await bo.getByRole("button", { name: "Accept" }).click();
  await expect(bo.getByRole("row", { name: /Ada Ng|@ada/ })).toBeVisible();
  await accessible(bo, "chat list");

  // Both ways, and each list shows the newest words.
  await bo.getByRole("textbox", { name: /^Message / }).fill("Hello Ada");
  await bo.keyboard.press("Enter");
  await expect(ada.locator("article[data-id]")).toHaveText([/Hello Bo/, /Hello Ada/]);
  await expect(ada.getByRole("row", { name: /Bo Lind, Hello Ada/ })).toBeVisible();
  await expect(bo.getByRole("row", { name: /Ada Ng, You: Hello Ada/ })).toBeVisible();

  // A reload stays where it was.
  await bo.reload();
  await expect(bo.locator("article[data-id]")).toHaveText([/Hello Bo/, /Hello Ada/]);
});
