// What a browser may be in an account: full while it is alone, limited beside a native device (wire.md §2).
import type { Page } from "@playwright/test";
import { expect, stage, test, WORDS } from "./world.ts";

const WAIT_MS = 60_000;

function classOf(page: Page): Promise<string> {
  return page.evaluate(async () => (await chatty.api.call("account.who_am_i", {})).class);
}

/** Says in the page that the pictures are the same, as soon as there are some. */
async function same(page: Page): Promise<void> {
  const compared = () => page.evaluate(async () => (await chatty.api.call("device.approvals", {})).find((run) => run.step === "compare")?.id ?? "");
  await expect.poll(compared).not.toBe("");
  await page.evaluate(
    ([approval, timeout_ms]) => chatty.api.call("device.confirm", { approval, same: true, timeout_ms }),
    [await compared(), WAIT_MS] as const,
  );
}

test("a browser that logs in beside a native device is limited from its first day", async ({ world }) => {
  await world.signUpByCommand("ann");
  const page = await world.tab(await world.browser("ann"));
  await stage(page, "ready");
  await page.evaluate(
    (password) => chatty.api.call("account.log_in", { relay: location.origin, login: "ann", password }),
    WORDS,
  );
  const waiting = async () => (await world.chatty("ann", "devices", "list")).find((row) => row["state"] === "waiting")?.["id"];
  await expect.poll(waiting).toBeDefined();
  const approving = world.chatty("ann", "devices", "approve", String(await waiting()), "--yes");
  await same(page);
  await approving;
  const who = () => page.evaluate(async () => (await chatty.api.call("account.who_am_i", {})).device_state);
  await expect.poll(who).toBe("approved");
  expect(await classOf(page)).toBe("limited");
});

test("a browser that made the account is full, until a native device joins", async ({ world }) => {
  const page = await world.tab(await world.browser("ann"));
  await stage(page, "ready");
  await world.signUpInPage(page, "ann");
  expect(await classOf(page)).toBe("full");
  const login = world.chatty("ann", "login", "--handle", "ann", "--wait", "60", "--yes");
  const waiting = () => page.evaluate(async () => (await chatty.api.call("device.list", {})).find((row) => row.state === "waiting")?.id ?? "");
  await expect.poll(waiting).not.toBe("");
  await page.evaluate(
    ([device, timeout_ms]) => chatty.api.call("device.approve", { device, timeout_ms }),
    [await waiting(), WAIT_MS] as const,
  );
  await same(page);
  await login;
  // A native device looks after browsers when it is online.
  await expect.poll(async () => {
    await world.chatty("ann", "chats");
    return classOf(page);
  }).toBe("limited");
});
