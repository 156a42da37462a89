// Where a chat begins and where its button leads: the first unread message however far back, then where one is named, then
// the newest; who read one's own message in a group; what a message said before.
import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, screen, spyOn, userEvent, waitFor, within } from "storybook/test";
import { InStory, type Begin } from "./InStory.tsx";

const meta: Meta<typeof InStory> = { title: "Conversation, places", component: InStory, parameters: { layout: "fullscreen" } };
export default meta;
type Story = StoryObj<typeof InStory>;

const COUNT = 1_300;
const READ = 40;
const NAMED = 900;
const MINUTE = 60_000;

const long: Begin = (world, script) => {
  const me = script.signIn("nina", "Nina Vogel");
  const [cy, bo] = [script.person("cy", "Cy Marlow", "known"), script.person("bo", "Bo Lindqvist", "known")];
  const room = script.group("Long Table Project", cy, [me, bo]);
  for (let number = 1; number <= COUNT; number++) {
    const named = number === NAMED || number === 10;
    script.incoming(room, bo, `number ${number}`, { at_ms: world.now() - (COUNT - number) * MINUTE, ...(named && { mentions: [me.user] }) });
  }
  room.readUpTo = READ;
};

const message = (number: number): HTMLElement | null => screen.queryByRole("article", { name: new RegExp(`^Bo Lindqvist, number ${number},`) });
const inSight = (element: Element | null | undefined): boolean => {
  const box = document.querySelector("[data-timeline]")?.getBoundingClientRect();
  const row = element?.getBoundingClientRect();
  return row !== undefined && box !== undefined && row.bottom > box.top && row.top < box.bottom;
};
const sees = (find: () => Element | null) => waitFor(() => expect(inSight(find())).toBe(true), { timeout: 10_000 });

export const TheFirstUnreadThenTheMentionThenTheNewest: Story = {
  args: { begin: long },
  play: async () => {
    await sees(() => screen.queryByText(`${new Intl.NumberFormat("en").format(COUNT - READ)} new messages`));
    await sees(() => message(READ + 1));
    // A mention that was read before is none of these.
    await userEvent.click(await screen.findByRole("button", { name: "Someone named you, go there" }));
    await sees(() => message(NAMED));
    // Seen is read: after it the button counts.
    await userEvent.click(await screen.findByRole("button", { name: /^\d[\d,]* new messages, go to newest$/ }, { timeout: 10_000 }));
    await sees(() => message(COUNT));
  },
};

const asked: Begin = (world, script) => {
  const me = script.signIn("nina", "Nina Vogel");
  const [cy, bo, laila] = [script.person("cy", "Cy Marlow", "known"), script.person("bo", "Bo Lindqvist", "known"), script.person("laila", "ليلى حداد", "verified")];
  const room = script.group("Long Table Project", cy, [me, bo, laila]);
  script.incoming(room, cy, "Who brings the map?", { at_ms: world.now() - 9 * MINUTE });
  script.incoming(room, bo, "Not me.", { at_ms: world.now() - 8 * MINUTE });
  script.outgoing(room, "I do.", "read", { at_ms: world.now() - 7 * MINUTE });
  room.readUpTo = room.messages.length;
};

export const WhoReadItAndWhoIsAdmin: Story = {
  args: { begin: asked },
  play: async () => {
    const own = await screen.findByRole("article", { name: /^You, I do/ });
    await userEvent.click(await within(own).findByRole("button", { name: "Read by 3" }));
    const names = within(await screen.findByRole("dialog", { name: "Who read this" })).getAllByRole("listitem");
    await expect(names.map((name) => name.textContent)).toEqual(["Cy Marlow", "Bo Lindqvist", "ليلى حداد"]);
    const rowOf = (name: RegExp) => within(screen.getByRole("article", { name }));
    await expect(rowOf(/^Cy Marlow/).getByText("Admin")).toBeVisible();
    await expect(rowOf(/^Bo Lindqvist/).queryByText("Admin")).toBeNull();
  },
};

const changed: Begin = (world, script) => {
  script.signIn("nina", "Nina Vogel");
  const ada = script.person("ada", "Ada Ng", "verified");
  const room = script.room({ kind: "direct", title: "Ada Ng", with: ada.user });
  const message = script.incoming(room, ada, "At the lake.", { edited: true, at_ms: world.now() - MINUTE });
  world.versions.set(message.id, [{ text: "At the park.", at_ms: world.now() - 9 * MINUTE }]);
  room.readUpTo = 1;
};

export const EarlierVersionsCanBeCopied: Story = {
  args: { begin: changed },
  play: async () => {
    const copied = spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    await userEvent.click(await screen.findByRole("button", { name: "Edited" }));
    const versions = within(await screen.findByRole("dialog", { name: "Earlier versions" }));
    await expect((await versions.findAllByRole("listitem")).map((item) => item.lastChild?.textContent)).toEqual(["At the park.", "At the lake."]);
    await userEvent.click(versions.getByRole("button", { name: "Copy all" }));
    await expect(copied.mock.lastCall?.[0]).toMatch(/At the park\.[^]*At the lake\.$/);
    await screen.findByText("Copied");
  },
};
