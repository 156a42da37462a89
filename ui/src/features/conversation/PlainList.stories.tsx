// The list without tricks, for those who chose it: real rows, a button for more, and nothing that moves under one's eyes.
import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, screen, userEvent, waitFor } from "storybook/test";
import type { Script } from "../../bridge/fake/script.ts";
import type { Room } from "../../bridge/fake/world.ts";
import { DEFAULTS, prefer } from "../../model/preferences.ts";
import { InStory, type Begin } from "./InStory.tsx";

const COUNT = 650;
const MINUTE = 60_000;
let held: { script: Script; room: Room } | undefined;
const ada = { user: "user-ada", handle: "ada", state: "known", blocked: false } as const;

const long: Begin = (world, script) => {
  script.signIn("nina", "Nina Vogel");
  const person = script.person("ada", "Ada Ng", "verified");
  const room = script.room({ kind: "direct", title: "Ada Ng", with: person.user });
  const first = script.incoming(room, person, "number 1", { at_ms: world.now() - COUNT * MINUTE });
  for (let number = 2; number < COUNT; number++) script.incoming(room, person, `number ${number}`, { at_ms: world.now() - (COUNT - number) * MINUTE });
  script.incoming(room, person, `number ${COUNT}`, { reply_to: first.id, at_ms: world.now() });
  room.readUpTo = room.messages.length;
  held = { script, room };
};

const meta: Meta<typeof InStory> = {
  title: "Conversation, plain list",
  component: InStory,
  args: { begin: long },
  parameters: { layout: "fullscreen" },
  beforeEach: () => {
    prefer({ plainList: true });
    return () => prefer(DEFAULTS);
  },
};
export default meta;
type Story = StoryObj<typeof InStory>;

const message = (number: number): HTMLElement | null => screen.queryByRole("article", { name: new RegExp(`^Ada Ng, number ${number},`) });
const drawn = (): number => document.querySelectorAll("article[data-id]").length;
const top = (number: number): number => message(number)?.getBoundingClientRect().top ?? NaN;
const scroller = (): HTMLElement => document.querySelector<HTMLElement>("[data-timeline]") as HTMLElement;
const inSight = (number: number): boolean => {
  const [row, box] = [message(number)?.getBoundingClientRect(), scroller().getBoundingClientRect()];
  return row !== undefined && row.bottom > box.top && row.top < box.bottom;
};

export const RealRowsAndAButton: Story = {
  play: async () => {
    await waitFor(() => expect(inSight(COUNT)).toBe(true));
    // The first page of the engine has 60; a button brings more, and what one reads stays where it is.
    await expect(drawn()).toBe(60);
    for (const [first, more] of [[591, 160], [491, 260]] as const) {
      const button = screen.getByRole("button", { name: "Load earlier" });
      const scrolled = new Promise((resolve) => scroller().addEventListener("scroll", resolve, { once: true }));
      button.scrollIntoView();
      await scrolled;
      const place = top(first);
      await userEvent.click(button);
      await waitFor(() => expect(drawn()).toBe(Math.min(more, 260)));
      await expect(Math.abs(top(first) - place)).toBeLessThanOrEqual(1);
    }
    // Away from the end a new message moves nothing.
    const place = top(491);
    held?.script.incoming(held.room, ada, "news");
    await screen.findByRole("article", { name: /^Ada Ng, news/ });
    await expect(Math.abs(top(491) - place)).toBeLessThanOrEqual(1);
  },
};

export const ALinkLeadsAboveWhatIsDrawn: Story = {
  play: async () => {
    await waitFor(() => expect(inSight(COUNT)).toBe(true));
    await expect(message(1)).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: /^Reply to Ada Ng, show that message/ }));
    await waitFor(() => expect(inSight(1)).toBe(true));
    // Whether something lies before it is known once one asks; then it is said, not offered.
    await userEvent.click(screen.getByRole("button", { name: "Load earlier" }));
    await waitFor(() => expect(scroller()).toHaveTextContent(/This is where your chat with Ada Ng begins/));
    await expect(screen.queryByRole("button", { name: "Load earlier" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Go to newest" }));
    await waitFor(() => expect(inSight(COUNT)).toBe(true));
  },
};
