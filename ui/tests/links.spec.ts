// Invite links and codes, right and wrong: what each says, and what to do next (bad input and faults of issue 4).
import { accessible, signUp } from "./people.ts";
import { expect, test, WORDS, type World } from "./world.ts";

async function linkOf(world: World, name: string): Promise<string> {
  return String((await world.chatty(name, "invite"))[0]?.["link"]);
}

/** The browser itself writes a line for every answer that refuses. */
function refused(world: World): void {
  const own = world.complaints.filter((line) => !/status of (401|404|422|429)/.test(line));
  world.complaints.splice(0, world.complaints.length, ...own);
}

test("an invite link leads a stranger through the first minute to the person, and a wrong one says what to do", async ({ world }) => {
  await world.signUpByCommand("bob");
  await world.signUpByCommand("cem");
  const bob = await linkOf(world, "bob");
  const page = await world.tab(await world.browser("ann"));
  await page.goto(bob);
  await expect(page.getByRole("heading", { name: "@bob invited you" })).toBeVisible();
  await signUp(world, page, "Ann Ek", "ann", async (where) => {
    if (where !== "welcome" && where !== "people") return;
    await accessible(page, `invited, ${where}`);
    if (where === "people") await expect(page.getByText("You were invited")).toBeVisible();
  });
  await page.goBack();
  await page.getByRole("button", { name: "Say hi" }).first().click();
  await expect(page.getByRole("heading", { name: "Say hi to @bob" })).toBeVisible();
  await accessible(page, "invited by bob");
  await page.getByRole("button", { name: "Say hi" }).click();
  await page.getByRole("textbox", { name: "Message @bob" }).fill("your link works");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await world.chatty("bob", "requests"))[0]?.["preview"]).toBe("your link works");

  const cem = (await linkOf(world, "cem")).split("#")[1] ?? "";
  const own = await page.evaluate(async () => (await chatty.api.call("invite.link", {})).link);
  const faults: [string, string, RegExp, RegExp][] = [
    ["a piece is missing", bob.slice(0, -9), /a whole invite link/, /Copy all of it/],
    ["the handle has another owner", bob.replace(/#.*$/, `#${cem}`), /leads to somebody else now/, /Ask the person you mean for a new link/],
    ["nobody has the handle", bob.replace("/bob#", "/nobody_here#"), /Nobody found/, /ask for an invite link/],
    ["one's own", own, /your own invite link/, /Send it to somebody/],
  ];
  for (const [what, link, says, next] of faults) {
    await page.goto("about:blank");
    await page.goto(link);
    await expect(page.getByRole("heading", { name: "This link doesn't work" }), what).toBeVisible();
    const alert = page.getByRole("alert");
    await expect(alert, what).toContainText(says);
    await expect(alert, what).toContainText(next);
    await accessible(page, what);
    await page.getByRole("button", { name: "Not now" }).click();
    await expect(page.getByRole("heading", { name: "Chats", exact: true })).toBeVisible();
  }
  refused(world);
});

test("a wrong code, a dead code and too many tries each say what to do", async ({ world }) => {
  const page = await world.tab(await world.browser("ann"));
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByLabel("Name").fill("Ann Ek");
  await page.getByLabel("Email").fill("ann@example.org");
  await page.getByLabel("Password", { exact: true }).fill(WORDS);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Check your email" }).waitFor();
  const code = await world.code("ann@example.org");
  const wrong = `${code.slice(0, 5)}${(Number(code[5]) + 1) % 10}`;
  const field = page.getByLabel("6-digit code");
  for (let tries = 1; tries <= 5; tries++) {
    await field.fill("");
    await field.fill(wrong);
    await expect(page.getByText("Use the code of the newest email.")).toBeVisible();
  }
  await accessible(page, "a wrong code");
  // Five were too many: the right one counts no more, and the way on stands there.
  await field.fill("");
  await field.fill(code);
  await expect(page.getByText("Ask for a new one.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Resend/ })).toBeVisible();
  await accessible(page, "a dead code");

  // Somebody guesses a password.
  await world.signUpByCommand("bob");
  const other = await world.tab(await world.browser("guess"));
  await other.getByRole("button", { name: "I already use Chatty" }).click();
  await other.getByLabel("Handle or email").fill("bob");
  const enter = async (password: string) => {
    await other.getByLabel("Password", { exact: true }).fill(password);
    await other.getByRole("button", { name: "Continue" }).click();
  };
  for (let tries = 1; tries <= 10; tries++) {
    await enter(`guess number ${tries}`);
    await expect(other.getByText(/Name or password is not right/)).toBeVisible();
  }
  await enter(WORDS);
  await expect(other.getByText(/That was too often\. Try again in/)).toBeVisible();
  await accessible(other, "too often");
  refused(world);
});
