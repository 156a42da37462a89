// Who somebody is: a number compared on two screens, and the code that leads to a person.
import type { Page } from "@playwright/test";
import { accessible, signUp } from "./people.ts";
import { expect, test, WORDS, type World } from "./world.ts";

/** Somebody signed up, in a browser of their own. */
async function person(world: World, name: string, handle: string): Promise<Page> {
  const page = await world.tab(await world.browser(handle));
  await signUp(world, page, name, handle);
  return page;
}

/** The whole invite link, as the engine made it. */
const linkOf = (page: Page): Promise<string> => page.evaluate(async () => (await chatty.api.call("invite.link", {})).link);

/** The first chat of two people, begun by one and accepted by the other. */
async function meet(from: Page, to: Page): Promise<void> {
  await from.goto(await linkOf(to));
  await from.getByRole("button", { name: "Say hi" }).click();
  await from.waitForURL(/\/c\//);
  await from.getByRole("textbox", { name: /^Message / }).fill("Is it you?");
  await from.keyboard.press("Enter");
  await to.getByRole("link", { name: /Requests 1/ }).click();
  await to.getByRole("row", { name: /Is it you/ }).click();
  await to.getByRole("button", { name: "Accept" }).click();
  await to.getByRole("textbox", { name: /^Message / }).waitFor();
}

/** Opens the details of the open chat and what leads to the number. */
async function compare(page: Page): Promise<void> {
  if (!/\/info$/.test(page.url())) await page.getByRole("button", { name: "Details", exact: true }).click();
  await page.getByRole("complementary").getByRole("button", { name: /^(Verify|Verified)/ }).click();
  await page.getByRole("dialog", { name: /^Verify / }).waitFor();
}

/** The groups as they are seen; beside each stand its digits for screen readers. */
const groups = (page: Page) => page.getByRole("list", { name: "Number to compare" }).locator("[aria-hidden=true]");

test("two people read the same number, and who compared stays verified until it is taken back", async ({ world }) => {
  // Two people and six looks of axe: a loaded machine needs half of the usual time for it.
  test.slow();
  const ada = await person(world, "Ada Ng", "ada");
  const bo = await person(world, "Bo Lind", "bo_lind");
  await meet(ada, bo);

  await compare(ada);
  await compare(bo);
  await expect(groups(ada)).toHaveText(Array.from({ length: 12 }, () => /^\d{5}$/));
  await expect(groups(bo)).toHaveText(await groups(ada).allTextContents());
  await accessible(ada, "the number");
  await ada.getByRole("tab", { name: "Code" }).click();
  await expect(ada.getByRole("img", { name: "Code of the number" })).toBeVisible();
  await accessible(ada, "the number as a code");

  // "Not now" changes nothing.
  await bo.getByRole("button", { name: "Not now" }).click();
  await expect(bo.getByRole("button", { name: /^Verify Compare/ })).toBeVisible();

  await ada.getByRole("button", { name: "They match" }).click();
  await expect(ada.getByRole("heading", { level: 1, name: /Bo Lind/ }).getByRole("img", { name: "Verified" })).toBeVisible();
  await expect(ada.getByRole("complementary", { name: "Details" }).getByRole("button", { name: /^Verified/ })).toBeVisible();
  await accessible(ada, "a verified person");

  await ada.reload();
  await expect(ada.getByRole("heading", { level: 1, name: /Bo Lind/ }).getByRole("img", { name: "Verified" })).toBeVisible();

  // What differs takes it back, and says what to do.
  await compare(ada);
  await ada.getByRole("button", { name: "They do not match" }).click();
  await ada.getByRole("dialog", { name: "The numbers differ" }).waitFor();
  await accessible(ada, "the numbers differ");
  await ada.getByRole("button", { name: "Compare again" }).click();
  await ada.getByRole("button", { name: "They match" }).click();
  await compare(ada);
  await ada.getByRole("button", { name: "Take verified back" }).click();
  await expect(ada.getByRole("button", { name: /^Verify Compare/ })).toBeVisible();
  await expect(ada.getByRole("heading", { level: 1, name: /Bo Lind/ }).getByRole("img")).toHaveCount(0);
});

test("my code is a link that leads another browser to me, also when it is pasted", async ({ world }) => {
  const ada = await person(world, "Ada Ng", "ada");
  const bo = await person(world, "Bo Lind", "bo_lind");
  await ada.getByRole("link", { name: "People", exact: true }).click();
  await ada.getByRole("button", { name: "My code" }).click();
  await ada.waitForURL(/\/me\/code$/);
  await expect(ada.getByRole("img", { name: "Code of my link" })).toBeVisible();
  await expect(ada.getByText(`${new URL(world.origin).host}/i/ada`)).toBeVisible();
  await accessible(ada, "my code");
  const link = await linkOf(ada);

  await bo.goto(`${world.origin}/me/code`);
  const field = bo.getByRole("textbox", { name: "Invite link" });
  await field.fill(link.slice(0, -3));
  await bo.getByRole("button", { name: "Look" }).click();
  await expect(field).toHaveAccessibleDescription(/invite link/);
  await accessible(bo, "a link with a piece missing");
  await field.fill(await linkOf(bo));
  await bo.getByRole("button", { name: "Look" }).click();
  await expect(field).toHaveAccessibleDescription(/your own invite link/);
  await field.fill(` ${link} `);
  await bo.getByRole("button", { name: "Look" }).click();
  await bo.getByRole("heading", { name: /Say hi to / }).waitFor();
  await accessible(bo, "who the link leads to");
  await bo.getByRole("button", { name: "Say hi" }).click();
  await bo.waitForURL(/\/c\//);
  await bo.getByRole("textbox", { name: /^Message / }).fill("Found you");
  await bo.keyboard.press("Enter");
  await expect(ada.getByText("Requests")).toHaveCount(0);
  await ada.goto(`${world.origin}/chats?filter=requests`);
  await expect(ada.getByRole("row", { name: /Found you/ })).toBeVisible();
});

test("a browser beside a native device says at its devices what it may not do", async ({ world }) => {
  await world.signUpByCommand("ann");
  const page = await world.tab(await world.browser("ann"));
  await page.getByRole("button", { name: "I already use Chatty" }).click();
  await page.getByLabel("Handle or email").fill("ann");
  await page.getByLabel("Password", { exact: true }).fill(WORDS);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Confirm this device" }).waitFor();
  const waiting = async () => (await world.chatty("ann", "devices", "list")).find((row) => row["state"] === "waiting")?.["id"];
  await expect.poll(waiting).toBeDefined();
  const approving = world.chatty("ann", "devices", "approve", String(await waiting()), "--yes");
  await page.getByRole("heading", { name: "Compare pictures" }).waitFor();
  await accessible(page, "pictures on the new side");
  await page.getByRole("button", { name: "They match" }).click();
  await approving;
  await page.getByRole("heading", { name: "Chats", exact: true }).waitFor();

  await page.goto(`${world.origin}/settings/devices`);
  await expect(page.getByText(/beside your other devices is limited/)).toBeVisible();
  await accessible(page, "devices of a limited browser");
  await page.getByRole("button", { name: /^Actions for / }).last().click();
  await expect(page.getByRole("menuitem")).toHaveText(["Rename"]);
});
