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
  const sent = await ada.evaluate(async () => {
    const chat = location.pathname.split("/")[2] ?? "";
    const sent = await chatty.api.call("message.send", { chat, text: "Hello Bo" });
    return (await chatty.api.call("message.wait", { chat, message: sent.id, timeout_ms: 60_000 })).state;
  });
  expect(sent).toBe("accepted");

  // Bo sees a request, not a chat, and decides.
  await bo.getByRole("link", { name: /Requests 1/ }).click();
  await bo.getByRole("row", { name: /Hello Bo/ }).click();
  await bo.getByRole("heading", { name: "Request", exact: true }).waitFor();
  await expect(bo.getByText("Hello Bo").last()).toBeVisible();
  await accessible(bo, "request");
  await bo.getByRole("button", { name: "Accept" }).click();
  await bo.getByRole("link", { name: "All", exact: true }).click();
  await expect(bo.getByRole("row", { name: /Ada Ng|@ada/ })).toBeVisible();
  await accessible(bo, "chat list");
});
