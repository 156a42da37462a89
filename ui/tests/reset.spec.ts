// A forgotten password: from the sign-in screen to the pictures, with nothing told about who has an account.
import { accessible } from "./people.ts";
import { expect, test, WORDS } from "./world.ts";

const FRESH = "a rather new horse battery";

test("a code from the mail sets a new password, and signing in goes on", async ({ world }) => {
  await world.signUpByCommand("ada");
  const page = await world.tab(await world.browser("new"));
  await page.getByRole("button", { name: "I already use Chatty" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  const arrow = await page.getByRole("link", { name: "Back" }).boundingBox();
  const title = await page.getByRole("heading", { name: "Sign in" }).boundingBox();
  expect(arrow !== null && title !== null && arrow.y + arrow.height <= title.y, "the arrow stands above the title").toBe(true);
  await accessible(page, "sign in");

  await page.getByRole("button", { name: "Forgot password?" }).click();
  await page.getByRole("heading", { name: "Forgot your password?" }).waitFor();
  await page.getByLabel("Email").fill("ada");
  await page.getByRole("button", { name: "Send the code" }).click();
  await expect(page.getByText("Something is missing in this address.")).toBeVisible();
  await accessible(page, "an address that is none");

  // The same words for an address that nobody has.
  const ask = async (email: string) => {
    await page.getByLabel("Email").fill(email);
    await page.getByRole("button", { name: "Send the code" }).click();
    await page.getByRole("heading", { name: "Choose a new password" }).waitFor();
    return (await page.getByRole("main").innerText()).replace(email, "…").replace(/\d:\d\d/, "…");
  };
  const nobody = await ask("nobody@example.org");
  await page.getByRole("button", { name: "Another address" }).click();
  expect(await ask("ada@example.org")).toBe(nobody);
  await accessible(page, "choose a password");

  const token = await world.resetToken("ada@example.org");
  const code = page.getByLabel("Code from the email");
  await page.getByLabel("New password", { exact: true }).fill(FRESH);
  await code.fill(token.slice(1));
  const set = page.getByRole("button", { name: "Set password and sign in" });
  await set.click();
  await expect(page.getByRole("alert").filter({ hasText: "That is not the code of your newest email" })).toBeVisible();
  await accessible(page, "a wrong code");

  // As mail programs break it.
  await code.fill(` ${token.slice(0, 20)} ${token.slice(20)} `);
  await set.click();
  await page.getByRole("heading", { name: "Confirm this device" }).waitFor();
  await accessible(page, "waiting");

  // The new password counts, the old one does not.
  await page.getByRole("button", { name: "Not now, sign out" }).click();
  await page.getByLabel("Handle or email").fill("ada");
  await page.getByLabel("Password", { exact: true }).fill(WORDS);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText(/Name or password is not right/)).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(FRESH);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Confirm this device" }).waitFor();

  // The browser itself writes a line for every answer that refuses.
  const own = world.complaints.filter((line) => !/status of (401|422)/.test(line));
  world.complaints.splice(0, world.complaints.length, ...own);
});
