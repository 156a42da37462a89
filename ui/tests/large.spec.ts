// A chat of 10,000 messages in a real store: read after a reload, searched, and followed to its first one.
import type { Page } from "@playwright/test";
import { accessible } from "./people.ts";
import { manyRows, OWNER, withOldStore } from "./old-store.ts";
import { expect, stage, test } from "./world.ts";

const COUNT = 10_000;

/** The made store has rows and no keys, so the engine names nobody; the page is told whose rows they are. */
async function asOwner(page: Page): Promise<void> {
  await page.addInitScript((user) => {
    let held: typeof chatty | undefined;
    Object.defineProperty(globalThis, "chatty", {
      get: () => held,
      set(made: typeof chatty) {
        held = made;
        const call = made.api.call.bind(made.api);
        const who = { user, handle: "ann", device: "", class: "full", device_state: "approved", verified_email: true };
        made.api.call = ((method, params) => (method === "account.who_am_i" ? Promise.resolve(who) : call(method, params))) as typeof made.api.call;
      },
    });
  }, OWNER);
}

test("10,000 messages: after a reload the newest is there, search finds the first, and scrolling reaches it", async () => {
  await withOldStore(async ({ page, open }) => {
    await asOwner(page);
    await open();
    await stage(page, "ready");
    const row = page.getByRole("row", { name: new RegExp(`^Walkers, .*message ${COUNT} of`) });
    await expect(row).toBeVisible();
    await row.click();
    const newest = page.getByRole("article", { name: new RegExp(`message ${COUNT} of`) });
    await expect(newest).toBeInViewport();
    await accessible(page, "a long chat");

    const began = Date.now();
    await page.reload();
    await expect(row).toBeVisible();
    const list = Date.now() - began;
    await expect(newest).toBeInViewport();
    console.log(`reload with ${COUNT} messages: list ${list} ms, newest message ${Date.now() - began} ms`);
    // What is drawn does not grow with what there is.
    expect(await page.locator("article[data-id]").count()).toBeLessThan(200);

    await page.keyboard.press("Control+Shift+F");
    await page.getByRole("searchbox", { name: "Search all messages" }).fill("needle");
    await page.getByRole("button", { name: /is the needle/ }).click();
    const first = page.getByRole("article", { name: /is the needle/ });
    await expect(first).toBeInViewport();
    await accessible(page, "the first message");

    // The same on foot: from the newest up, page after page.
    await page.getByRole("row", { name: /^Walkers/ }).click();
    await page.reload();
    const up = Date.now();
    const scroller = page.locator("[data-timeline]");
    await expect(async () => {
      await scroller.evaluate((place) => place.scrollTo(0, 0));
      expect(await first.isVisible()).toBe(true);
    }).toPass({ intervals: [20], timeout: 150_000 });
    await expect(first).toBeInViewport();
    console.log(`from the newest to the first of ${COUNT} messages: ${Date.now() - up} ms`);
    expect(await page.locator("article[data-id]").count()).toBeLessThan(200);
  }, manyRows(COUNT));
});
