// The conversation on a real engine and a real relay; the other side is the `chatty` program.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, stage, test, type World } from "./world.ts";

/** A chat between a page of ann's and bob's command line, open on the screen. */
async function talk(world: World): Promise<{ page: Page; chat: string }> {
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
  await page.evaluate((chat) => history.pushState({}, "", `/c/${chat}`), chat);
  return { page, chat };
}

const field = (page: Page) => page.getByRole("textbox", { name: /^Message / });
const messages = (page: Page) => page.locator("article[data-id]");

async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(" | ")}`)).toEqual([]);
}

test("what is typed is a bubble at once, reaches the other side, and answers come in", async ({ world }) => {
  const { page } = await talk(world);
  await expect(messages(page)).toHaveText([/hello/]);
  await field(page).fill("first line");
  await field(page).press("Shift+Enter");
  await field(page).pressSequentially("second line");
  await field(page).press("Enter");
  await expect(field(page)).toHaveValue("");
  await expect(messages(page).last()).toContainText("second line");
  await expect(messages(page).last()).toHaveAccessibleName(/^You, first line\s+second line, .*, (Sent|Delivered)$/);
  await expect
    .poll(async () => (await world.chatty("bob", "messages", "@ann")).map((row) => row["text"]))
    .toEqual(["hello", "first line\nsecond line"]);
  await world.chatty("bob", "send", "@ann", "got it");
  await expect(messages(page).last()).toContainText("got it");
  await accessible(page);
  await page.screenshot({ path: `${process.env["SHOTS"] ?? "/tmp"}/chat-first.png` });
});
