// The first minute and the first words in the Firefox of this machine, where it has one.
import { Firefox, firefoxHere } from "./firefox.ts";
import { expect, test, WORDS } from "./world.ts";

test("Firefox signs up, talks, and keeps its history over a reload", async ({ world }) => {
  const program = firefoxHere();
  if (program === undefined) {
    console.log("skipped: no Firefox");
    return;
  }
  const began = Date.now();
  await world.signUpByCommand("bob");
  const firefox = await Firefox.start(program);
  try {
    const text = () => firefox.evaluate(() => document.body.innerText);
    const shows = (words: string | RegExp) => expect.poll(text).toMatch(words);
    await firefox.open(world.origin);
    await shows("Create account");
    await firefox.press("Create account");
    await shows("Create your account");
    const fill = async (name: string, value: string) => {
      await firefox.evaluate((name) => document.querySelector<HTMLInputElement>(`input[autocomplete="${name}"]`)?.focus(), name);
      await firefox.type(value);
    };
    await fill("name", "Ann Ek");
    await fill("email", "ann@example.org");
    await fill("new-password", `${WORDS}\uE006`);
    await shows("Check your email");
    await firefox.type(await world.code("ann@example.org"));
    await shows("Your recovery key");
    await firefox.press("Later");
    await shows("You're in, Ann Ek.");
    await firefox.press("Go to my chats");
    await shows("It's quiet here.");

    const chat = await firefox.evaluate(async () => {
      const chat = (await chatty.api.call("chat.resolve", { name: "@bob", create: true })).id;
      history.pushState({}, "", `/c/${chat}`);
      return chat;
    });
    await expect.poll(() => firefox.evaluate(() => document.activeElement instanceof HTMLTextAreaElement || (document.querySelector("textarea")?.focus(), false))).toBe(true);
    await firefox.type("hello from Firefox\uE006");
    await expect.poll(async () => (await world.chatty("bob", "requests"))[0]?.["preview"]).toBe("hello from Firefox");
    await world.chatty("bob", "requests", "accept", "@ann_ek");
    await world.chatty("bob", "send", "@ann_ek", "hello to Firefox");
    await shows("hello to Firefox");

    await firefox.open(`${world.origin}/c/${chat}`);
    await shows(/hello from Firefox[\s\S]*hello to Firefox/);
    console.log(`Firefox: ${Date.now() - began} ms`);
  } finally {
    await firefox.close();
  }
});
