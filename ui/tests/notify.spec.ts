// Notifications of the browser while the page is open and nobody looks at it.
import type { Page } from "@playwright/test";
import { accessible, go, talk } from "./people.ts";
import { expect, test } from "./world.ts";

interface Shown {
  title: string;
  body: string | undefined;
}

/** Writes down what the browser is asked to show; it shows it all the same. */
function watch(page: Page): Promise<void> {
  return page.evaluate(() => {
    const shown: Notification[] = [];
    const Real = Notification;
    globalThis.Notification = class extends Real {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        shown.push(this);
      }
    };
    Object.assign(globalThis, { shown });
  });
}

const shown = (page: Page): Promise<Shown[]> => page.evaluate(() => (globalThis as unknown as { shown: Notification[] }).shown.map(({ title, body }) => ({ title, body })));

async function choose(page: Page, level: string): Promise<void> {
  await go(page, "/settings/notifications");
  await page.getByText(level, { exact: true }).click();
  await expect(page.getByRole("radio", { name: level })).toBeChecked();
}

test("a message of a chat that nobody looks at is shown as the settings say, and a click leads to it", async ({ world }) => {
  const { page, chat } = await talk(world);
  await watch(page);
  await page.context().grantPermissions(["notifications"], { origin: world.origin });
  await choose(page, 'Only "New message"');
  await accessible(page, "notifications");
  await go(page, "/chats");

  // Looked at: nothing is shown.
  const unread = (count: number) => expect(page.getByRole("row", { name: new RegExp(`^@bob, ${count} unread`) })).toBeVisible();
  await world.chatty("bob", "send", "@ann", "seen anyway");
  await unread(1);
  expect(await shown(page)).toEqual([]);

  // A page in the background: Playwright gives every page the focus.
  const away = () => page.evaluate(() => void Object.assign(document, { hasFocus: () => false }));
  await away();
  await world.chatty("bob", "send", "@ann", "meet at the canary");
  await expect.poll(() => shown(page)).toEqual([{ title: "New message", body: "" }]);
  await unread(2);

  await choose(page, "Only the name");
  await world.chatty("bob", "send", "@ann", "the second canary");
  await expect.poll(() => shown(page)).toHaveLength(2);
  expect((await shown(page))[1]).toEqual({ title: "@bob", body: "New message" });
  expect(JSON.stringify(await shown(page))).not.toContain("canary");

  await choose(page, "Name and message");
  await world.chatty("bob", "send", "@ann", "come to the park");
  await expect.poll(() => shown(page)).toHaveLength(3);
  expect((await shown(page))[2]).toEqual({ title: "@bob", body: "come to the park" });
  // The browser brings the window to the front with a click.
  await page.evaluate(() => Reflect.deleteProperty(document, "hasFocus"));
  await page.evaluate(() => (globalThis as unknown as { shown: Notification[] }).shown[2]?.dispatchEvent(new Event("click")));
  await page.waitForURL(new RegExp(`/c/${chat}`));
  await expect(page.getByRole("article", { name: /come to the park/ })).toBeInViewport();
  await expect(page.getByRole("row", { name: /unread/ })).toHaveCount(0);

  // Off again: the browser may, the person does not want to.
  await choose(page, "Nothing");
  await go(page, "/chats");
  await away();
  await world.chatty("bob", "send", "@ann", "quiet now");
  await unread(1);
  expect(await shown(page)).toHaveLength(3);
});
