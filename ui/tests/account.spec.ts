// Leaving and coming back: sign-out, password, name, deletion; what each says and what stays (U2, U5 of issue 4).
import type { Page } from "@playwright/test";
import { accessible, inside } from "./people.ts";
import { expect, test, WORDS, type World } from "./world.ts";

const FRESH = "a rather new horse battery";

async function account(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: /^Account/ }).click();
  await page.getByRole("heading", { name: "Account", level: 2 }).waitFor();
}

/** The browser itself writes a line for every answer that refuses. */
function refusedBy(world: World): void {
  const own = world.complaints.filter((line) => !/status of (401|403|422)/.test(line));
  world.complaints.splice(0, world.complaints.length, ...own);
}

test("a name is given, a password changed, and signing out says what is lost", async ({ world }) => {
  const page = await inside(world, "ann");
  await world.signUpByCommand("bob");
  await world.chatty("bob", "send", "@ann", "hello ann");

  // The name reaches those one writes to, with the key of what one writes.
  await account(page);
  await page.getByLabel("Name", { exact: true }).fill("Ann Ek");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await accessible(page, "name saved");
  await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: /^Chats/ }).click();
  await page.getByRole("link", { name: "Requests 1" }).click();
  await page.getByRole("row", { name: /hello ann/ }).click();
  await page.getByRole("button", { name: "Accept" }).click();
  await page.getByRole("textbox", { name: /^Message / }).fill("hello bob");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await world.chatty("bob", "chats"))[0]?.["title"]).toBe("Ann Ek");

  // The password: a wrong old one is told, the right one counts.
  await account(page);
  await page.getByLabel("Current password").fill("not this one");
  await page.getByLabel("New password").fill(FRESH);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The current password is not right." })).toBeVisible();
  await accessible(page, "a wrong password");
  await page.getByLabel("Current password").fill(WORDS);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Changed.")).toBeVisible();

  // The only device: what is lost is counted, and Cancel keeps it.
  await page.getByRole("button", { name: "Sign out" }).click();
  const dialog = page.getByRole("alertdialog", { name: "You'd lose 1 chat" });
  await expect(dialog).toContainText("This is your only device and no recovery key is saved.");
  await expect(dialog).toContainText("another device of yours has to confirm this one, and there is none yet");
  await accessible(page, "sign out");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole("button", { name: "Sign out" }).click();
  await dialog.getByRole("button", { name: "Sign out and lose them" }).click();
  await page.getByRole("button", { name: "Create account" }).waitFor();
  await expect(page.getByText("Ann Ek")).toHaveCount(0);
  await accessible(page, "signed out");
  expect(await page.evaluate(async () => (await chatty.api.call("chat.list", {}).catch(() => [])).length)).toBe(0);

  // Back in with the new password only.
  await page.getByRole("button", { name: "I already use Chatty" }).click();
  await page.getByLabel("Handle or email").fill("ann");
  await page.getByLabel("Password", { exact: true }).fill(WORDS);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText(/Name or password is not right/)).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(FRESH);
  await page.getByRole("button", { name: "Continue" }).click();
  // No device is left to confirm it, and nobody waits in vain.
  await page.getByRole("heading", { name: "No device can confirm this one" }).waitFor();
  await accessible(page, "no device left");
  await page.getByRole("button", { name: "Not now, sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  refusedBy(world);
});

test("an account is deleted by its own handle, typed, and is gone for everybody", async ({ world }) => {
  const page = await inside(world, "ann");
  await account(page);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("alertdialog", { name: "Delete your account?" });
  await expect(dialog).toContainText("All your devices are signed out");
  await expect(dialog).toContainText("What others received stays with them.");
  await accessible(page, "delete account");
  const remove = dialog.getByRole("button", { name: "Delete account" });
  await expect(remove).toBeDisabled();
  await dialog.getByLabel("Type your handle to confirm").fill("bob");
  await expect(remove).toBeDisabled();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toHaveCount(0);
  expect((await page.evaluate(() => chatty.api.call("account.who_am_i", {}))).handle).toBe("ann");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(remove).toBeDisabled();
  await dialog.getByLabel("Type your handle to confirm").fill("@Ann");
  await remove.click();
  await page.getByRole("button", { name: "Create account" }).waitFor();
  await accessible(page, "deleted");
  // Nobody finds it, and nobody gets in.
  await world.signUpByCommand("bob");
  expect(await world.chatty("bob", "profile", "@ann").then(() => "found", String)).toContain("no_such_person");
  await page.getByRole("button", { name: "I already use Chatty" }).click();
  await page.getByLabel("Handle or email").fill("ann");
  await page.getByLabel("Password", { exact: true }).fill(WORDS);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText(/Name or password is not right/)).toBeVisible();
  refusedBy(world);
});
