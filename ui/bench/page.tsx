// A chat of 100,000 messages on the fake engine, for bench/chat.ts.
import "../src/styles/tokens.css";
import "../src/styles/reset.css";
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { createRoot } from "react-dom/client";
import { createFake } from "../src/bridge/fake/fake.ts";
import { written } from "../src/bridge/fake/messages.ts";
import { Conversation } from "../src/features/conversation/Conversation.tsx";
import { createModel } from "../src/model/store.ts";
import { ModelProvider } from "../src/model/use.ts";
import { speak } from "../src/text/language.ts";

const MESSAGES = 100_000;
const WORDS = "We meet at the long table in the park and bring what the kitchen has left over from Sunday".split(" ");

/** The same text for the same number: one word up to nine lines. */
function text(index: number): string {
  const words = 1 + ((index * 7919) % 23) + (index % 50 === 0 ? 80 : 0);
  return Array.from({ length: words }, (_, word) => WORDS[(index + word * 3) % WORDS.length]).join(" ");
}

await speak("en");
let chat = "";
const fake = createFake({
  begin(world, script) {
    const me = script.signIn("nina", "Nina Vogel");
    const ada = script.person("ada", "Ada Ng", "verified");
    const room = script.room({ kind: "direct", title: "Ada Ng", with: ada.user });
    const first = world.now() - MESSAGES * 90_000;
    for (let index = 0; index < MESSAGES; index++) {
      const from = Math.floor(index / 3) % 2 === 0 ? ada.user : me.user;
      const reactions = index % 11 === 0 ? [{ emoji: "👍", by: [me.user] }] : [];
      room.messages.push(written(world, room, from, text(index), { seq: world.seq(), state: "read", at_ms: first + index * 90_000, reactions }));
    }
    room.readUpTo = MESSAGES;
    chat = room.id;
  },
});
const model = createModel(fake, fake.api);
// Holds back pages of rows until the answer is called, so that only they move anything.
Object.assign(globalThis, { holdPages: () => fake.hold("message.list") });
createRoot(document.querySelector("#app") as Element).render(
  <I18nProvider i18n={i18n}>
    <ModelProvider value={model}>
      <Conversation chat={chat} />
    </ModelProvider>
  </I18nProvider>,
);
