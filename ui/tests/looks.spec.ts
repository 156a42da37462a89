// The conversation under a finger, and in colours that the system forces.
import type { CDPSession, Locator, Page } from "@playwright/test";
import { accessible, talk } from "./people.ts";
import { expect, test } from "./world.ts";

/** Longer than any press that waits. */
const LONG = 2_000;

const rowOf = (page: Page, text: RegExp): Locator => page.getByRole("article", { name: text });

/** A finger: what it does comes to the page as from a screen that is touched. */
class Finger {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async on(page: Page): Promise<Finger> {
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setTouchEmulationEnabled", { enabled: true, maxTouchPoints: 1 });
    return new Finger(session);
  }

  async down(on: Locator): Promise<{ x: number; y: number }> {
    const box = await on.locator("[data-bubble]").boundingBox();
    if (box === null) throw new Error("nothing to touch");
    const point = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
    await this.#touch("touchStart", [point]);
    return point;
  }

  move(x: number, y: number): Promise<void> {
    return this.#touch("touchMove", [{ x, y }]);
  }

  up(): Promise<void> {
    return this.#touch("touchEnd", []);
  }

  /** As if a palm came down: unlike a finger that lifts, it leaves no swing behind. */
  cancel(): Promise<void> {
    return this.#touch("touchCancel", []);
  }

  async #touch(type: "touchStart" | "touchMove" | "touchEnd" | "touchCancel", touchPoints: { x: number; y: number }[]): Promise<void> {
    await this.#session.send("Input.dispatchTouchEvent", { type, touchPoints });
  }
}

test("a finger that stays opens the actions, one that moves scrolls, one that taps does neither", async ({ world }) => {
  const { page, chat } = await talk(world);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.evaluate(async (chat) => {
    for (let count = 1; count <= 30; count++) await chatty.api.call("message.send", { chat, text: `line ${count}` });
  }, chat);
  await expect.poll(async () => (await page.evaluate(() => chatty.api.call("sync.flush", { timeout_ms: 5_000 }))).waiting).toBe(0);
  const last = rowOf(page, /^You, line 30,/);
  await expect(last).toHaveAccessibleName(/(Sent|Delivered|Read)$/);
  await expect(last).toBeInViewport({ ratio: 1 });
  // The time of the page runs on by itself, and faster where a test says so.
  await page.clock.install();
  const finger = await Finger.on(page);
  const sheet = page.getByRole("dialog", { name: "Message actions" });

  // Moved away: the list follows, and nothing opens, however long it then stays.
  const place = () => page.locator("[data-timeline]").evaluate((list) => list.scrollTop);
  const before = await place();
  const { x, y } = await finger.down(last);
  for (let step = 1; step <= 10; step++) await finger.move(x, y + step * 12);
  await expect.poll(place).toBeLessThan(before);
  await page.clock.fastForward(LONG);
  await expect(sheet).toBeHidden();
  await finger.cancel();

  // Stays: a sheet, as there is no room beside the message.
  await expect(async () => {
    await page.locator("[data-timeline]").evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await expect(last).toBeInViewport({ ratio: 1, timeout: 1_000 });
  }).toPass();
  await finger.down(last);
  await page.clock.fastForward(LONG);
  await expect(sheet).toBeVisible();
  await finger.up();
  await expect(sheet).toBeVisible();
  await accessible(page, "the actions of a message under a finger");
  await sheet.getByRole("button", { name: "Reply" }).click();
  await expect(page.getByText("Replying to")).toBeVisible();
  await expect(sheet).toBeHidden();

  // A tap is not a long press.
  await finger.down(last);
  await finger.up();
  await page.clock.fastForward(LONG);
  await expect(sheet).toBeHidden();
});

/** What the eye gets of a part where fills and shadows are taken away. */
function outline(part: Locator): Promise<{ style: string; width: number; colour: string }> {
  return part.evaluate((element) => {
    const { borderBlockStartStyle: style, borderBlockStartWidth: width, borderBlockStartColor: colour } = getComputedStyle(element);
    return { style, width: parseFloat(width), colour };
  });
}

test("in forced colours every part keeps an edge, and icons the colour of words", async ({ world }) => {
  const { page } = await talk(world);
  await world.chatty("bob", "send", "@ann", "lunch?");
  const theirs = rowOf(page, /^@bob, lunch/);
  await theirs.focus();
  await page.keyboard.press("+");
  await page.getByRole("dialog", { name: "React" }).getByRole("button", { name: "👍" }).click();
  const reaction = theirs.getByRole("button", { name: "👍, 1 person" }).first();
  await expect(reaction).toHaveAttribute("aria-pressed", "true");
  await theirs.focus();
  await page.keyboard.press("r");
  const field = page.getByRole("textbox", { name: /^Message / });
  await field.fill("yes");
  await field.press("Enter");
  const own = rowOf(page, /^You, yes/);
  // What waits cannot be answered yet.
  await expect(own).toHaveAccessibleName(/(Sent|Delivered|Read)$/);
  await own.focus();
  await page.keyboard.press("r");
  await expect(page.getByText("Replying to")).toBeVisible();

  for (const scheme of ["dark", "light"] as const) {
    await page.emulateMedia({ forcedColors: "active", colorScheme: scheme });
    const words = await page.locator("body").evaluate((body) => getComputedStyle(body).color);
    const composer = page.locator("form, div").filter({ has: field }).last().locator("xpath=..");
    for (const [name, part] of Object.entries({ bubble: theirs.locator("[data-bubble]"), own: own.locator("[data-bubble]"), quote: own.getByRole("button", { name: /^Reply to/ }), reaction, composer })) {
      const edge = await outline(part);
      expect(edge.style, `${scheme}: ${name} has an edge`).not.toBe("none");
      expect(edge.width, `${scheme}: ${name} has an edge`).toBeGreaterThan(0);
    }
    expect((await outline(reaction)).width, "what is chosen is thicker").toBeGreaterThan((await outline(theirs.locator("[data-bubble]"))).width);
    for (const icon of await page.locator("article[data-id] svg").all()) expect(await icon.evaluate((svg) => getComputedStyle(svg).color), `${scheme}: an icon`).toBe(words);
    await accessible(page, `forced colours, ${scheme}`);
    await page.screenshot({ path: `${process.env["CHATTY_UI_RESULTS"] ?? "/tmp"}/forced-${scheme}.png` });
  }
});
