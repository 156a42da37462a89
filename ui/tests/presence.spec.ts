// Presence: off until both turn it on, and gone when one of them goes.
import type { Page } from "@playwright/test";
import { accessible, signUp } from "./people.ts";
import { expect, test } from "./world.ts";

const head = (page: Page) => page.locator("header", { has: page.getByRole("button", { name: "Find in chat" }) });

async function show(page: Page, wanted: boolean): Promise<void> {
  const chat = page.url();
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Privacy" }).click();
  const control = page.getByRole("switch", { name: "Show when I am online" });
  await expect(control).toBeChecked({ checked: !wanted });
  // The control itself is hidden: its words and its track take the pointer.
  await page.getByText("Show when I am online", { exact: true }).click();
  await expect(control).toBeChecked({ checked: wanted });
  await accessible(page, "privacy");
  await page.goto(chat);
  await expect(head(page)).toBeVisible();
}

test("two people who both show it see each other online, until one goes", async ({ world }) => {
  const [adaBrowser, boBrowser] = [await world.browser("ada"), await world.browser("bo")];
  const [ada, bo] = [await world.tab(adaBrowser), await world.tab(boBrowser)];
  await signUp(world, ada, "Ada Ng", "ada");
  await signUp(world, bo, "Bo Lind", "bo_lind");
  await ada.getByRole("button", { name: "New chat" }).click();
  await ada.getByLabel("Handle").fill("@bo_lind");
  await ada.getByRole("button", { name: "Say hi" }).click();
  await ada.waitForURL(/\/c\//);
  await ada.getByRole("textbox", { name: /^Message / }).fill("Hello Bo");
  await ada.keyboard.press("Enter");
  await bo.getByRole("link", { name: /Requests 1/ }).click();
  await bo.getByRole("row", { name: /Hello Bo/ }).click();
  await bo.getByRole("button", { name: "Accept" }).click();
  await expect(bo.getByRole("textbox", { name: /^Message / })).toBeVisible();
  await expect(head(bo)).toBeVisible();

  // One alone shows nothing to nobody.
  await show(ada, true);
  await expect(head(bo).getByText("Online")).toHaveCount(0);
  await show(bo, true);
  await expect(head(ada).getByText("Online")).toBeVisible();
  await expect(head(bo).getByText("Online")).toBeVisible();
  await accessible(ada, "conversation with somebody online");
  await ada.getByRole("button", { name: "Details" }).click();
  await expect(ada.getByRole("complementary").getByText("Online")).toBeVisible();

  await boBrowser.close();
  await expect(ada.getByText("Online", { exact: true })).toHaveCount(0);
});
