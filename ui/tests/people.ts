// What a person does with the screens, and what is looked at after each step.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, stage, WORDS, type World } from "./world.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** Of the good habits, those that let somebody find the way: everything lies in a landmark. */
const LANDMARKS = { region: { enabled: true }, "landmark-one-main": { enabled: true }, "page-has-heading-one": { enabled: true }, "landmark-unique": { enabled: true } };

/** Waits for what moves and ends; a fade half way through has the colours of neither end. */
export async function still(page: Page): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity).map((one) => one.finished.catch(() => undefined))));
}

/** No finding of axe on what is shown now. */
export async function accessible(page: Page, where: string): Promise<void> {
  await still(page);
  const found = await new AxeBuilder({ page }).options({ runOnly: { type: "tag", values: TAGS }, rules: LANDMARKS }).analyze();
  const told = found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join(" | ")}`);
  expect(told, `axe on ${where}`).toEqual([]);
}

/** Signs up on the screens, from the welcome to the chat list; `each` runs after every step. */
export async function signUp(world: World, page: Page, name: string, handle: string, each: (where: string) => Promise<void> = async () => undefined): Promise<void> {
  await page.getByRole("button", { name: "Create account" }).waitFor();
  await each("welcome");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Handle").fill(handle);
  await page.getByLabel("Email").fill(`${handle}@example.org`);
  await page.getByLabel("Password", { exact: true }).fill(WORDS);
  await each("create");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Check your email" }).waitFor();
  await each("code");
  await page.getByLabel("6-digit code").fill(await world.code(`${handle}@example.org`));
  await page.getByRole("heading", { name: "Your recovery key" }).waitFor();
  await page.getByRole("list", { name: "Recovery key" }).waitFor();
  await each("key");
  await page.getByRole("button", { name: "I saved it" }).click();
  await page.getByRole("heading", { name: `You're in, ${name}.` }).waitFor();
  await each("people");
  await page.getByRole("button", { name: "Go to my chats" }).click();
  await page.getByRole("heading", { name: "Chats", exact: true }).waitFor();
}

/** A page of ann's and bob's command line, who wrote to each other; no screen is touched. */
export async function befriend(world: World): Promise<{ page: Page; chat: string }> {
  const page = await world.tab(await world.browser("ann"));
  await stage(page, "ready");
  await world.signUpInPage(page, "ann");
  await world.signUpByCommand("bob");
  const chat = await page.evaluate(async () => {
    const chat = await chatty.api.call("chat.resolve", { name: "@bob", create: true });
    const sent = await chatty.api.call("message.send", { chat: chat.id, text: "hello" });
    await chatty.api.call("message.wait", { chat: chat.id, message: sent.id, timeout_ms: 60_000 });
    return chat.id;
  });
  await world.chatty("bob", "requests", "accept", "@ann");
  return { page, chat };
}

/** The same, with their chat open on ann's screen. */
export async function talk(world: World): Promise<{ page: Page; chat: string }> {
  const both = await befriend(world);
  await go(both.page, `/c/${both.chat}`);
  return both;
}

/** Another address, without loading the page again. */
export const go = (page: Page, to: string): Promise<void> => page.evaluate((to) => history.pushState({}, "", to), to);

/** Somebody signed up, past the first minute, at the chat list. */
export async function inside(world: World, name: string): Promise<Page> {
  const page = await world.tab(await world.browser(name));
  await stage(page, "ready");
  await world.signUpInPage(page, name);
  await page.getByRole("button", { name: "Later" }).click();
  await page.getByRole("button", { name: "Go to my chats" }).click();
  await page.getByRole("heading", { name: "Chats", exact: true }).waitFor();
  return page;
}
