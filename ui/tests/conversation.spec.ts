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
  const builder = new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
  // An experiment of axe: it takes the key that a menu shows beside its words for a part of them.
  const { violations } = await builder.disableRules(["label-content-name-mismatch"]).analyze();
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
});

test("answer, react, change, delete: by pointer, by keys and by menu", async ({ world }) => {
  const { page } = await talk(world);
  await world.chatty("bob", "send", "@ann", "lunch at 12:30?");
  const theirs = page.getByRole("article", { name: /^@bob, lunch at 12:30/ });
  await expect(theirs).toBeVisible();

  // Pointer: the bar beside the message.
  await theirs.hover();
  await page.getByRole("toolbar", { name: "Message actions" }).getByRole("button", { name: "Reply" }).click();
  await expect(page.getByText("Replying to")).toBeVisible();
  await expect(field(page)).toBeFocused();
  await field(page).fill("yes, at the park");
  await accessible(page);
  await field(page).press("Enter");
  await expect(page.getByText("Replying to")).toBeHidden();
  const answer = messages(page).last();
  await expect(answer.getByRole("button", { name: /^Reply to @bob/ })).toContainText("lunch at 12:30?");
  await expect(answer).toHaveAccessibleName(/^You, yes, at the park, reply to @bob, .*, (Sent|Delivered|Read)$/);

  // Keys: from the field to the newest message, up to theirs, react.
  await field(page).press("Shift+Tab");
  await expect(answer).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(theirs).toBeFocused();
  await page.keyboard.press("+");
  await page.getByRole("dialog", { name: "React" }).getByRole("button", { name: "👍" }).click();
  const reaction = theirs.getByRole("button", { name: "👍, 1 person" }).first();
  await expect(reaction).toHaveAttribute("aria-pressed", "true");
  await expect.poll(async () => (await world.chatty("bob", "messages", "@ann")).find((row) => row["text"] === "lunch at 12:30?")?.["reactions"]).toMatchObject([{ emoji: "👍" }]);
  await reaction.click();
  await expect(reaction).toBeHidden();

  // ArrowUp in the empty field changes the newest own message; Escape leaves it as it was.
  await field(page).focus();
  await field(page).press("ArrowUp");
  await expect(field(page)).toHaveValue("yes, at the park");
  await field(page).press("Escape");
  await expect(field(page)).toHaveValue("");
  await field(page).press("ArrowUp");
  await field(page).fill("yes, at the lake");
  await field(page).press("Enter");
  await expect(answer).toContainText("yes, at the lake");
  await expect(answer).toContainText("Edited");

  // Menu: Shift+F10, then delete; once taken back, once not.
  const texts = async () => (await world.chatty("bob", "messages", "@ann")).map((row) => row["text"]);
  await answer.focus();
  await page.keyboard.press("Shift+F10");
  await expect(page.getByRole("menu", { name: "Message actions" })).toBeVisible();
  await accessible(page);
  await page.getByRole("menuitem", { name: "Delete for everyone" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(answer).toContainText("You deleted a message");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(answer).toContainText("yes, at the lake");
  expect(await texts()).toContain("yes, at the lake");
  await answer.focus();
  await page.keyboard.press("Delete");
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(answer).toContainText("You deleted a message");
  await expect.poll(texts).not.toContain("yes, at the lake");
  await accessible(page);
});

test("words are found far up, the way back counts what is new, and unread ones are read when seen", async ({ world }) => {
  const { page, chat } = await talk(world);
  await page.evaluate(async (chat) => {
    await chatty.api.call("message.send", { chat, text: "the needle lies here" });
    for (let count = 1; count <= 260; count++) await chatty.api.call("message.send", { chat, text: `hay ${count}` });
  }, chat);
  await expect(messages(page).last()).toContainText("hay 260");
  // What waits stands last: all of it has to be at the relay, which takes ten in a second.
  await expect.poll(async () => (await page.evaluate(() => chatty.api.call("sync.flush", { timeout_ms: 5_000 }))).waiting).toBe(0);
  const needle = page.getByRole("article", { name: /needle/ });
  await expect(needle).toBeHidden();

  await page.getByRole("button", { name: "Find in chat" }).click();
  await page.getByRole("searchbox", { name: "Find in @bob" }).fill("needle");
  await expect(needle).toBeInViewport();
  await expect(needle.locator("mark")).toHaveText("needle");
  await expect(page.getByText("1 of 1 in this chat")).toBeVisible();
  await expect(page.getByText(/^All messages on this device since/)).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Close search" }).click();
  await expect(needle.locator("mark")).toHaveCount(0);

  // Away from the end nothing is followed, and nothing is read.
  await world.chatty("bob", "send", "@ann", "news from bob");
  const back = page.getByRole("button", { name: "1 new message, go to newest" });
  await expect(back).toBeVisible();
  const unread = () => page.evaluate(async (chat) => (await chatty.api.call("chat.list", {})).find((row) => row.id === chat)?.unread, chat);
  expect(await unread()).toBe(1);
  await back.click();
  await expect(page.getByRole("article", { name: /news from bob/ })).toBeInViewport();
  await expect.poll(unread).toBe(0);
  await expect(back).toBeHidden();

  // Everywhere, from the keyboard alone.
  await page.keyboard.press("Control+Shift+F");
  await page.getByRole("searchbox", { name: "Search all messages" }).fill("needle");
  await expect(page.getByText("1 message", { exact: true })).toBeVisible();
  await expect(page.getByText(/^All messages on this device since/)).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: /the needle lies here/ }).click();
  await expect(needle).toBeInViewport();
});

test("in a group names are offered while one types them, and reach the person named", async ({ world }) => {
  const { page } = await talk(world);
  const group = await page.evaluate(async () => (await chatty.api.call("group.create", { title: "Long table", people: ["@bob"] })).id);
  await page.evaluate((chat) => history.pushState({}, "", `/c/${chat}`), group);
  await field(page).pressSequentially("hello @b");
  const list = page.getByRole("listbox", { name: "People in this group" });
  await expect(list.getByRole("option", { selected: true })).toContainText("@bob");
  await accessible(page);
  await field(page).press("Enter");
  await expect(field(page)).toHaveValue("hello @bob ");
  await expect(list).toBeHidden();
  await field(page).press("Enter");
  await expect(messages(page).last()).toContainText("hello @bob");
  const sent = await page.evaluate(async (chat) => (await chatty.api.call("message.list", { chat, limit: 1 }))[0], group);
  const bob = await page.evaluate(async () => (await chatty.api.call("profile.get", { person: "@bob" })).user);
  expect(sent?.mentions).toEqual([bob]);
});

test("narrow, right to left and at twice the size everything stays in its place", async ({ world }) => {
  const { page } = await talk(world);
  await world.chatty("bob", "send", "@ann", "וגם: ארוחת צהריים ב-12:30 בפארק, אני מביא את המפה");
  await page.getByRole("article", { name: /^@bob/ }).hover();
  for (const [width, dir, size] of [[390, "ltr", "100%"], [390, "rtl", "100%"], [390, "ltr", "200%"], [1280, "rtl", "200%"]] as const) {
    await page.setViewportSize({ width, height: 844 });
    await page.evaluate(([dir, size]) => {
      document.documentElement.dir = dir;
      document.documentElement.style.fontSize = size;
    }, [dir, size] as const);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wide, `${width} ${dir} ${size} scrolls sideways`).toBe(false);
    await expect(field(page)).toBeInViewport({ ratio: 1 });
    await expect(messages(page).last()).toBeInViewport();
    await accessible(page);
    await page.screenshot({ path: `${process.env["CHATTY_UI_RESULTS"] ?? "/tmp"}/chat-${width}-${dir}-${size}.png` });
  }
});
