// What a screen reader says of a conversation: the order of reading, one sentence per message, and
// what it hears by itself while others write (ui.md §2.6, timeline accessibility).
import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, screen, waitFor } from "storybook/test";
import type { Script } from "../../bridge/fake/script.ts";
import type { Room } from "../../bridge/fake/world.ts";
import { DEFAULTS, prefer } from "../../model/preferences.ts";
import { InStory, type Begin } from "./InStory.tsx";
import { listenTo, readThrough } from "./reader.ts";
import * as worlds from "./worlds.ts";

const meta: Meta<typeof InStory> = {
  title: "Conversation, read out",
  component: InStory,
  tags: ["reader"],
  parameters: { layout: "fullscreen" },
  beforeEach: () => () => prefer(DEFAULTS),
};
export default meta;
type Story = StoryObj<typeof InStory>;

const list = (title: string): Promise<HTMLElement> => screen.findByRole("list", { name: `Messages with ${title}` });

/** The rows of a list as they are said: rules by their words, messages by their one sentence. */
async function rows(title: string): Promise<string[]> {
  const said = await readThrough(await list(title));
  return said.filter((phrase, index) => phrase.startsWith("article") || (said[index - 1]?.startsWith("listitem") ?? false)).map((phrase) => phrase.replace(/^article(, )?/, "").replaceAll("\u202f", " "));
}

const DIRECT = [
  "Sunday, March 1",
  "Ada Ng, Found this for the street dinner. https://streets.example/long-tables, 11:20 AM",
  "Ada Ng, They rented nothing. Every table came out of a kitchen., 11:21 AM, 2 reactions",
  "You, Love it. We have four tables if Bo lends us his., 11:25 AM, Read",
  "Yesterday",
  "You, Saturday in five pictures. The last one is the table, found it 🎉, 12:10 PM, 1 reaction, Read",
  "Ada Ng, That table is two metres sixty. It seats ten if nobody has elbows., reply to You, edited, 12:18 PM",
  "You, deleted message, 12:19 PM",
  "Ada Ng, Can you turn the flyer into A5? I always forget the command., 12:22 PM",
  "Ada Ng, 🙏, 12:23 PM",
  "You, This one, run it in the folder with both PDFs., 12:28 PM, Read",
  "Today",
  "3 new messages",
  "Ada Ng, Waiting for this message. Ada Ng's device is sending the key. Usually under a minute., 11:55 AM",
  "Ada Ng, Morning! Printer says the second page is upside down., 12:01 PM",
  "Ada Ng, Also: lunch? 12:30 at the park, I bring the map 🗺️, 12:02 PM, 1 reaction",
  "You, Yes. And I will fix the page., reply to Ada Ng, 12:03 PM, Read",
  "You, Perfect. See you there., 12:04 PM, Read",
  "You, Third try at the flyer. Page two is the right way up now., 12:12 PM, Not sent. No space on the server",
  "image, Ada Ng typing",
];

async function readsDirect(): Promise<void> {
  await screen.findByRole("img", { name: "Ada Ng typing" });
  await expect(await rows("Ada Ng")).toEqual(DIRECT);
}

/** Who, what, what about it, when, where it stands: in the order of the screen. */
export const EachMessageIsOneSentence: Story = { args: { begin: worlds.direct }, play: readsDirect };

export const ThePlainListSaysTheSame: Story = {
  args: { begin: worlds.direct },
  beforeEach: () => prefer({ plainList: true }),
  play: readsDirect,
};

export const WhatIsInsideCanBeReached: Story = {
  args: { begin: worlds.direct },
  play: async () => {
    const said = await readThrough(await list("Ada Ng"));
    for (const part of ["link, https://streets.example/long-tables", "button, 👏, 2 people, pressed", "button, 😍, 1 person, not pressed", "button, Edited", "button, Try again"]) await expect(said).toContain(part);
    await expect(said.filter((phrase) => phrase.startsWith("button, Reply to Ada Ng, show that message"))).toHaveLength(1);
    // The clock beside a bubble is in its sentence already.
    await expect(said.filter((phrase) => /^\d+:\d\d/.test(phrase))).toEqual([]);
  },
};

export const EveryStateHasAWord: Story = {
  args: { begin: worlds.ladder },
  play: async () => {
    const said = await rows("Ada Ng");
    await expect(said.filter((row) => row.startsWith("You")).map((row) => row.split(", ").at(-1))).toEqual(["Read", "Delivered", "Sent", "Not sent", "Waiting"]);
  },
};

export const WhatCannotBeReadSaysWhy: Story = {
  args: { begin: worlds.cannotRead },
  play: async () => {
    const said = (await rows("Ada Ng")).filter((row) => row.startsWith("Ada"));
    await expect(said.map((row) => row.replace(/^Ada Ng, /, "").replace(/, \d+:\d\d [AP]M$/, ""))).toEqual([
      "Sent before this device was linked",
      "Sent before you joined",
      "Waiting for this message. Ada Ng's device is sending the key. Usually under a minute.",
      "Still waiting. Ada Ng's device may be offline. We'll keep trying.",
      "This message can't be recovered. No device has the key any more.",
      "This message can't be recovered. Ada Ng gives such messages only to people who are verified.",
      "Needs a newer Chatty. Update this app to read it.",
      "This Chatty can't show this kind of message",
      "Ada Ng's device and yours disagree about this group. Checking.",
    ]);
  },
};

export const DoubtsAreSaidWithTheMessage: Story = {
  args: { begin: worlds.group },
  play: async () => {
    const said = await rows("Long Table Project");
    await expect(said.filter((row) => row.includes("Bo Lindqvist, Who wrote this?"))).toEqual([expect.stringContaining("Two devices write as Bo Lindqvist. Either may have written this.")]);
    await expect(said.filter((row) => row.includes("Bo Lindqvist, I left before?"))).toEqual([expect.stringContaining("Sent before Bo Lindqvist's device knew that ليلى حداد left.")]);
  },
};

/** A chat in which the test has others write. */
function scripted(): { begin: Begin; script(): Script; room(): Room } {
  let held: { script: Script; room: Room } | undefined;
  const get = () => held ?? (() => { throw new Error("not begun"); })();
  return {
    begin: (world, script) => {
      worlds.ladder(world, script);
      held = { script, room: [...world.rooms.values()][0] as Room };
    },
    script: () => get().script,
    room: () => get().room,
  };
}

const heardNow = scripted();
const ada = { user: "user-ada", handle: "ada", state: "known", blocked: false } as const;

export const NewMessagesAreHeardOnce: Story = {
  args: { begin: heardNow.begin },
  play: async ({ canvasElement }) => {
    const said = await list("Ada Ng");
    const { heard, stop } = await listenTo(canvasElement);
    const [script, room] = [heardNow.script(), heardNow.room()];
    const hears = (...phrases: string[]) => waitFor(async () => expect(await heard()).toEqual(phrases), { timeout: 10_000 });

    // What comes within two seconds is one sentence.
    for (const text of ["one", "two", "three"]) script.incoming(room, ada, text);
    await hears("polite: 3 new messages in Ada Ng");
    script.incoming(room, ada, "lunch?");
    await hears("polite: 3 new messages in Ada Ng", "polite: Ada Ng: lunch?");
    // The same words again are news again.
    script.incoming(room, ada, "lunch?");
    await hears("polite: 3 new messages in Ada Ng", "polite: Ada Ng: lunch?", "polite: Ada Ng: lunch?");

    // By setting only who, or nothing; that something was not sent is always said. How far it got is not.
    prefer({ announce: "names" });
    script.incoming(room, ada, "secret");
    await waitFor(async () => expect((await heard()).slice(3)).toEqual(["polite: New message from Ada Ng"]), { timeout: 10_000 });
    prefer({ announce: "off" });
    const own = script.outgoing(room, "on its way", "sent");
    script.incoming(room, ada, "not said");
    script.change(room, own, { state: "delivered" });
    script.change(room, own, { state: "failed", reason: "quota" });
    await waitFor(async () => expect((await heard()).slice(4)).toEqual(["polite: A message was not sent."]), { timeout: 10_000 });
    await stop();
    // The list itself is silent.
    await expect(said.closest("[aria-live], [role=log]")).toBeNull();
  },
};
