// Two people, two browsers: from the welcome to the first words (milestone U1 of issue 4).
import { expect, test } from "./world.ts";
import { accessible, signUp } from "./people.ts";

test("two people sign up, find each other by handle and talk", async ({ world }) => {
  const ada = await world.tab(await world.browser("ada"));
  const bo = await world.tab(await world.browser("bo"));
  await signUp(world, ada, "Ada Ng", "ada", (where) => accessible(ada, where));
  await signUp(world, bo, "Bo Lind", "bo_lind");
  await accessible(ada, "no chats");

  await ada.getByRole("button", { name: "New chat" }).click();
  await ada.getByLabel("Handle").fill("@Bo_Lind");
  await accessible(ada, "new chat");
  await ada.getByRole("button", { name: "Say hi" }).click();
  await ada.waitForURL(/\/c\//);
  await ada.getByRole("textbox", { name: "Message @bo_lind" }).fill("Hello Bo");
  await ada.keyboard.press("Enter");
  await expect(ada.locator("article[data-id]")).toHaveText([/Hello Bo/]);
  await accessible(ada, "conversation");

  // Bo sees a request, not a chat, and decides.
  await bo.getByRole("link", { name: /Requests 1/ }).click();
  await bo.getByRole("row", { name: /Hello Bo/ }).click();
  await bo.getByRole("heading", { name: "Request", exact: true }).waitFor();
  await expect(bo.getByText("Hello Bo").last()).toBeVisible();
  await accessible(bo, "request");
  await bo.getByRole("button", { name: "Accept" }).click();
  await expect(bo.getByRole("row", { name: /Ada Ng|@ada/ })).toBeVisible();
  await accessible(bo, "chat list");

  // Both ways, and each list shows the newest words.
  await bo.getByRole("textbox", { name: /^Message / }).fill("Hello Ada");
  await bo.keyboard.press("Enter");
  await expect(ada.locator("article[data-id]")).toHaveText([/Hello Bo/, /Hello Ada/]);
  await expect(ada.getByRole("row", { name: /Bo Lind, Hello Ada/ })).toBeVisible();
  await expect(bo.getByRole("row", { name: /Ada Ng, You: Hello Ada/ })).toBeVisible();

  // A reload stays where it was.
  await bo.reload();
  await expect(bo.locator("article[data-id]")).toHaveText([/Hello Bo/, /Hello Ada/]);
});
