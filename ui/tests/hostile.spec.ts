// Texts of corpus.ts in a real conversation: nothing runs, nobody is asked, nothing breaks out.
import { corpus } from "./corpus.ts";
import { expect, stage, test } from "./world.ts";

test("no text runs, asks anybody or breaks out of its bubble", async ({ world }) => {
  const payloads = corpus();
  expect(payloads.length).toBeGreaterThanOrEqual(500);
  const page = await world.tab(await world.browser("ann"));
  await stage(page, "ready");
  await world.signUpInPage(page, "ann");
  await world.signUpByCommand("bob");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("dialog", () => asked.push("a dialog"));

  const chat = await page.evaluate(async () => (await chatty.api.call("chat.resolve", { name: "@bob", create: true })).id);
  // The first message to a stranger must be short; what waits for an answer is shown all the same.
  await page.evaluate(async (chat) => {
    const sent = await chatty.api.call("message.send", { chat, text: "hello" });
    await chatty.api.call("message.wait", { chat, message: sent.id, timeout_ms: 60_000 });
  }, chat);
  await world.chatty("bob", "requests", "accept", "@ann");
  await page.evaluate((chat) => history.pushState({}, "", `/c/${chat}`), chat);
  await expect(page.locator("article[data-id]")).toHaveCount(1);
  asked.length = 0;

  const faults: string[] = [];
  const texts = new Map<string, string>();
  for (const { name, text } of payloads) {
    const refused = await page.evaluate(
      async ({ chat, text }) => {
        try {
          return { id: (await chatty.api.call("message.send", { chat, text })).id };
        } catch (error) {
          return { code: (error as { code: string }).code };
        }
      },
      { chat, text },
    );
    if (refused.id === undefined) faults.push(`${name}: ${refused.code}`);
    else texts.set(refused.id, name);
  }
  expect(faults).toEqual([]);

  // Every row is looked at where it is drawn: from the newest upward.
  const seen = new Map<string, string>();
  await page.getByRole("textbox", { name: /^Message / }).press("Shift+Tab");
  for (let rounds = 0; rounds < 1_500 && seen.size < texts.size; rounds++) {
    const rows = await page.evaluate(() => {
      const scroller = document.querySelector("[data-timeline]") as HTMLElement;
      const column = scroller.getBoundingClientRect();
      const found = [...scroller.querySelectorAll<HTMLElement>("article[data-id]")].map((row) => {
        const bubble = row.querySelector("[data-bubble]")?.getBoundingClientRect();
        const out = bubble === undefined || bubble.left < column.left - 1 || bubble.right > column.right + 1;
        const made = row.querySelector("script, iframe, img, object, style, link, form, video, base, meta") !== null;
        const clash = [...row.querySelectorAll("time")].some((time) => bubble !== undefined && time.getBoundingClientRect().top < bubble.bottom - 1);
        return [row.dataset["id"] ?? "", [out && "out of the column", row.scrollWidth > row.clientWidth + 1 && "wider than its place", made && "made an element", clash && "time over text"].filter(Boolean).join(", ")] as const;
      });
      const wide = scroller.scrollWidth > scroller.clientWidth || document.documentElement.scrollWidth > innerWidth;
      scroller.scrollBy(0, -0.9 * scroller.clientHeight);
      return { found, wide };
    });
    for (const [id, fault] of rows.found) if (texts.has(id)) seen.set(id, fault);
    if (rows.wide) faults.push("the page scrolls sideways");
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }
  faults.push(...[...seen].filter(([, fault]) => fault !== "").map(([id, fault]) => `${texts.get(id)}: ${fault}`));
  expect([...texts].filter(([id]) => !seen.has(id)).map(([, name]) => name), "drawn").toEqual([]);
  expect(faults).toEqual([]);
  expect(await page.evaluate(() => (globalThis as { hit?: unknown }).hit), "ran").toBeUndefined();
  expect(asked.filter((url) => !url.startsWith(`${world.origin}/`)), "asked").toEqual([]);
});
