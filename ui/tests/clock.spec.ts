// In the middle of a send: the clock of the machine jumps, the server goes away and comes back (bad input and faults of issue 4).
import type { Page } from "@playwright/test";
import { accessible, talk } from "./people.ts";
import { expect, stage, test, type World } from "./world.ts";

const DAY_MS = 86_400_000;

const field = (page: Page) => page.getByRole("textbox", { name: /^Message / });
const messages = (page: Page) => page.locator("article[data-id]");
const atBob = async (world: World) => (await world.chatty("bob", "messages", "@ann", "--limit", "500")).map((row) => row["text"]);

/** Page and engine live at another time, by so much. */
async function jump(page: Page, by: number): Promise<void> {
  const shift = (by: number) => {
    const place = globalThis as unknown as { Date: DateConstructor; RealDate?: DateConstructor };
    const Real = (place.RealDate ??= place.Date);
    place.Date = class extends Real {
      constructor(...given: unknown[]) {
        super(...((given.length > 0 ? given : [Real.now() + by]) as [number]));
      }
      static override now() {
        return Real.now() + by;
      }
    } as DateConstructor;
  };
  await page.evaluate(shift, by);
  const workers = page.workers();
  expect(workers.length, "the engine's worker").toBeGreaterThan(0);
  for (const worker of workers) await worker.evaluate(shift, by);
}

async function write(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press("Enter");
  await expect(messages(page).last()).toContainText(text);
}

test("a clock that jumps in mid-send changes neither the order nor the number of messages", async ({ world }) => {
  const { page } = await talk(world);
  await write(page, "before");
  await expect(messages(page).last()).toHaveAccessibleName(/(Sent|Delivered)$/);
  const said = ["hello", "before"];
  for (const [way, by] of [["a day back", -DAY_MS], ["a day ahead", DAY_MS]] as const) {
    // The first one is on its way when the clock jumps.
    world.holdRelay();
    await write(page, `then ${way}`);
    await jump(page, by);
    await write(page, `now ${way}`);
    world.releaseRelay();
    said.push(`then ${way}`, `now ${way}`);
    await expect(messages(page)).toHaveText(said.map((text) => new RegExp(text)));
    await expect(messages(page).last()).toHaveAccessibleName(/(Sent|Delivered)$/);
    await expect.poll(() => atBob(world)).toEqual(said);
    // The other side's clock is right, and its answer stands last.
    await world.chatty("bob", "send", "@ann", `answer ${way}`);
    said.push(`answer ${way}`);
    await expect(messages(page)).toHaveText(said.map((text) => new RegExp(text)));
  }
  // A day ahead is told as soon as the server is heard anew.
  await world.killRelay();
  await world.startRelayAgain();
  const warning = page.getByRole("region", { name: "Warning" });
  await expect(warning).toContainText("The clock of this device is wrong");
  await accessible(page, "a wrong clock");
  await warning.getByRole("button", { name: "I understand" }).click();
  await expect(warning).toHaveCount(0);
  // With the right clock again.
  await page.reload();
  await stage(page, "ready");
  await expect(messages(page)).toHaveText(said.map((text) => new RegExp(text)));
});

test("a server that dies in mid-send and comes back gets every message once, in order", async ({ world }) => {
  const { page, chat } = await talk(world);
  const texts = Array.from({ length: 90 }, (_, index) => `part ${index + 1}`);
  const sending = page.evaluate(async ([chat, texts]) => {
    for (const text of texts) await chatty.api.call("message.send", { chat, text });
  }, [chat, texts] as const);
  const accepted = () => page.evaluate(async (chat) => (await chatty.api.call("message.list", { chat, limit: 200 })).filter((row) => row.seq !== undefined && row.seq !== null).length, chat);
  // Some are there and some are not: the server takes 60 at once and 10 in a second.
  await expect.poll(accepted, { intervals: [50] }).toBeGreaterThan(30);
  await world.killRelay();
  await sending;
  await write(page, "while it is away");
  await world.startRelayAgain();
  await expect(messages(page).last()).toHaveAccessibleName(/(Sent|Delivered)$/);
  await expect.poll(() => atBob(world)).toEqual(["hello", ...texts, "while it is away"]);
});
