// Strangers: what one may do with a request, and how little they learn of it (U2, U4 of issue 4).
import type { Page } from "@playwright/test";
import { accessible, inside } from "./people.ts";
import { expect, test, type World } from "./world.ts";

/** States of what somebody wrote to ann. By the chat, as a screen does: a name would be looked up anew. */
async function seenBy(world: World, name: string): Promise<unknown[]> {
  const chat = String((await world.chatty(name, "chats"))[0]?.["id"]);
  return (await world.chatty(name, "messages", chat)).map((row) => row["state"]);
}

async function openRequest(page: Page, words: RegExp): Promise<void> {
  await page.getByRole("link", { name: /^Requests/ }).click();
  await page.getByRole("row", { name: words }).click();
  await page.getByRole("heading", { name: "Request", exact: true }).waitFor();
}

test("a request is deleted or its sender blocked, and who sent it learns nothing", async ({ world }) => {
  const page = await inside(world, "ann");
  await world.signUpByCommand("bob");
  await world.signUpByCommand("cyd");
  await world.chatty("bob", "send", "@ann", "buy my thing");
  await world.chatty("cyd", "send", "@ann", "hello from cyd");
  await expect(page.getByRole("link", { name: "Requests 2" })).toBeVisible();

  // Waiting, deleted or blocked: for bob and cy it is all the same.
  const waiting = await seenBy(world, "bob");
  await openRequest(page, /buy my thing/);
  await expect(page.getByText("They don't see that you read this until you accept.")).toBeVisible();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("row", { name: /buy my thing/ })).toHaveCount(0);
  await accessible(page, "requests, one deleted");
  expect(await seenBy(world, "bob")).toEqual(waiting);

  await openRequest(page, /hello from cyd/);
  await page.getByRole("button", { name: "Block" }).click();
  await expect(page.getByText("No requests.")).toBeVisible();
  await accessible(page, "no requests");
  expect(await seenBy(world, "cyd")).toEqual(waiting);
  // A block is no answer either: what cyd writes next is taken like before, and shown to nobody.
  const write = async (words: string) => world.chatty("cyd", "send", String((await world.chatty("cyd", "chats"))[0]?.["id"]), words);
  await write("are you there?");
  expect(await seenBy(world, "cyd")).toEqual([...waiting, ...waiting]);
  await expect(page.getByText("No requests.")).toBeVisible();

  // Settings know who is blocked, and take it back.
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: /^Privacy/ }).click();
  await expect(page.getByText("@cyd")).toBeVisible();
  await accessible(page, "blocked people");
  await page.getByRole("button", { name: "Unblock" }).click();
  await expect(page.getByText("Nobody is blocked.")).toBeVisible();
});
