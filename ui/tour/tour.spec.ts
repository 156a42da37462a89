// Two people and a program talk; each main screen is taken wide, dark, narrow and from right to left.
import type { Page } from "@playwright/test";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signUp, still } from "../tests/people.ts";
import { expect, test } from "../tests/world.ts";

const place = process.env["CHATTY_SHOTS"] ?? join(tmpdir(), "chatty-tour");
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: /^Message / }).fill(text);
  await page.keyboard.press("Enter");
  await expect(page.locator("article[data-id]").last()).toContainText(text);
}

async function hears(page: Page, text: string): Promise<void> {
  await expect(page.locator("article[data-id]").last()).toContainText(text);
}

/** What is shown now, in one look. */
async function take(page: Page, name: string, look: { dark?: boolean; narrow?: boolean; address?: string } = {}): Promise<void> {
  await page.setViewportSize(look.narrow === true ? NARROW : WIDE);
  await page.emulateMedia({ colorScheme: look.dark === true ? "dark" : "light" });
  if (look.address !== undefined) await page.goto(look.address);
  // The screen of an address stands when the engine runs and its part of the page is here.
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await expect(page.getByRole("heading").first()).toBeVisible();
  await page.evaluate(() => document.fonts.ready);
  await still(page);
  await page.screenshot({ path: join(place, `${name}.png`) });
}

test("pictures of the main screens", async ({ world }) => {
  test.setTimeout(400_000);
  await mkdir(place, { recursive: true });
  const ada = await world.tab(await world.browser("ada"));
  const bo = await world.tab(await world.browser("bo"));
  await ada.setViewportSize(WIDE);
  let number = 0;
  await signUp(world, ada, "Ada Ng", "ada", (where) => take(ada, `first-${++number}-${where}`));
  await signUp(world, bo, "Bo Lindqvist", "bo_lind");
  for (const [handle, words] of [["cyrus", "Hi Ada, it is Cy from the garden."], ["mara", "Do you still have the ladder?"]] as const) {
    await world.signUpByCommand(handle);
    await world.chatty(handle, "send", "@ada", words);
  }
  await ada.getByRole("button", { name: "New chat" }).click();
  await ada.getByLabel("Handle").fill("@bo_lind");
  await ada.getByRole("button", { name: "Say hi" }).click();
  await ada.waitForURL(/\/c\//);
  const chat = ada.url();
  await say(ada, "Lunch?");
  await bo.getByRole("link", { name: /Requests 1/ }).click();
  await bo.getByRole("row", { name: /Lunch/ }).click();
  await bo.getByRole("button", { name: "Accept" }).click();
  await say(bo, "Sure, 12:30 at the park. Shall I bring the small table, or is the bench enough for four of us?");
  await hears(ada, "12:30");
  await say(ada, "The bench is fine 🌳");
  await say(ada, "Directions are on https://example.org/park if you want the quiet gate.");
  await hears(bo, "Directions");
  await say(bo, "Perfect. Bring the map?");
  await hears(ada, "Bring the map");
  await say(ada, "On it.");
  await hears(bo, "On it.");
  await expect(ada.locator("article[data-id]").last()).toContainText(/Delivered|Read/);
  await take(ada, "chat-light");
  await take(ada, "chat-dark", { dark: true });
  await take(ada, "chat-narrow", { narrow: true });
  await take(ada, "list-narrow", { narrow: true, address: `${world.origin}/chats` });
  await take(ada, "requests", { address: `${world.origin}/chats?filter=requests` });
  for (const page of ["people", "new", "new/group", "settings", "settings/devices", "settings/appearance", "settings/privacy", "settings/recovery"]) {
    await take(ada, page.replaceAll("/", "-"), { address: `${world.origin}/${page}` });
  }
  await take(ada, "settings-narrow", { narrow: true, address: `${world.origin}/settings` });
  await take(ada, "info", { address: `${chat}/info` });
  await ada.keyboard.press("ControlOrMeta+k");
  await ada.getByRole("dialog").waitFor();
  await take(ada, "palette");
  await ada.evaluate(() => localStorage.setItem("chatty.preferences", JSON.stringify({ language: "ar" })));
  await take(ada, "chat-arabic", { address: chat });
});
