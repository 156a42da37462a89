// The conversation on a real engine and a real relay; the other side is the `chatty` program.
import type { Page } from "@playwright/test";
import { accessible, go, talk } from "./people.ts";
import { expect, stage, test } from "./world.ts";

const field = (page: Page) => page.getByRole("textbox", { name: /^Message / });
const messages = (page: Page) => page.locator("article[data-id]");

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
  await accessible(page, "a conversation");
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
  await accessible(page, "an answer that is written");
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
  await accessible(page, "the menu of a message");
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
  await accessible(page, "after a deletion");
});

test("a deletion goes on from chat to chat, and is carried out when its page is left in the time to take it back", async ({ world }) => {
  const { page, chat } = await talk(world);
  const own = page.getByRole("article", { name: /^You, / });
  const texts = async () => (await world.chatty("bob", "messages", "@ann")).map((row) => row["text"]);
  const remove = async (page: Page): Promise<void> => {
    await own.last().focus();
    await page.keyboard.press("Delete");
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await expect(own.last()).toContainText("You deleted a message");
  };
  await field(page).fill("better not");
  await field(page).press("Enter");
  await expect.poll(texts).toEqual(["hello", "better not"]);

  // In another chat one can still take it back, and the row shows what holds.
  await remove(page);
  await page.getByRole("button", { name: "Undo" }).hover(); // As long as one looks at it, it stays.
  await go(page, "/chats");
  await expect(field(page)).toBeHidden();
  await go(page, `/c/${chat}`);
  await expect(own.last()).toContainText("You deleted a message");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(own.last()).toContainText("better not");

  // Loaded again, and closed with nobody else there.
  await remove(page);
  await page.reload();
  await stage(page, "ready");
  await expect(own.last()).toContainText("You deleted a message");
  await expect.poll(texts).not.toContain("better not");
  await field(page).fill("nor this");
  await field(page).press("Enter");
  await expect.poll(texts).toContain("nor this");
  await remove(page);
  const browser = page.context();
  await page.close();
  const next = await world.tab(browser);
  await stage(next, "ready");
  await expect.poll(texts).not.toContain("nor this");
  expect(await next.evaluate(() => localStorage.getItem("chatty.deletions") ?? "[]")).toBe("[]");
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
  await accessible(page, "words found in a chat");
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
  await accessible(page, "words found everywhere");
  await page.getByRole("button", { name: /the needle lies here/ }).click();
  await expect(needle).toBeInViewport();
});

test("in a group names are offered while one types them, and reach the person named", async ({ world }) => {
  const { page } = await talk(world);
  const group = await page.evaluate(async () => (await chatty.api.call("group.create", { title: "Long table", people: ["@bob"] })).id);
  await go(page, `/c/${group}`);
  await field(page).pressSequentially("hello @b");
  const list = page.getByRole("listbox", { name: "People in this group" });
  await expect(list.getByRole("option", { selected: true })).toContainText("@bob");
  await accessible(page, "names that are offered");
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
    await accessible(page, `${width} ${dir} ${size}`);
    await page.screenshot({ path: `${process.env["CHATTY_UI_RESULTS"] ?? "/tmp"}/chat-${width}-${dir}-${size}.png` });
  }
});
