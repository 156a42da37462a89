// Whole screens on the fake engine, as a person meets them; axe judges them as pages.
import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, screen, userEvent, waitFor, within } from "storybook/test";
import { sample, type Fake, type FakeOptions } from "../bridge/fake/index.ts";
import { ACTION_KEYS } from "../features/conversation/can.ts";
import { chatPath, Screen, type ScreenProps } from "./InStory.tsx";
import { KEYS, keysOf, onMac, shellHere, shown } from "./keys.ts";
import { closeLayer } from "./layers.ts";

const signedIn: FakeOptions["begin"] = (_, script) => void script.signIn("nina", "Nina Vogel");

/** A page loads its parts when they are wanted: before its heading is there, axe would judge an empty one. */
const headed: NonNullable<Story["play"]> = async () => {
  await waitFor(() => expect(screen.getAllByRole("heading", { level: 1 }).length).toBeGreaterThan(0), { timeout: 12_000 });
};

const meta: Meta<typeof Screen> = {
  title: "screens",
  component: Screen,
  // For the stories that wait for nothing of their own.
  play: headed,
  // What lies over a screen belongs to the window, not to the story.
  beforeEach: () => closeLayer,
  parameters: { layout: "fullscreen", a11y: { config: { rules: [{ id: "region", enabled: true }, { id: "page-has-heading-one", enabled: true }, { id: "landmark-one-main", enabled: true }] } } },
};
export default meta;
type Story = StoryObj<typeof Screen>;

/** A screen that is there when this is said. */
const shows = (text: string | RegExp): NonNullable<Story["play"]> => async () => {
  await waitFor(() => expect(screen.getAllByText(text).length).toBeGreaterThan(0), { timeout: 12_000 });
};

export const Welcome: Story = { args: { path: "/welcome", engine: {} } };
export const Create: Story = { args: { path: "/welcome/create", engine: {} } };
export const Link: Story = { args: { path: "/welcome/link", engine: {} } };
export const Reset: Story = { args: { path: "/welcome/reset", engine: {} } };
export const People: Story = { args: { path: "/welcome/people", engine: { begin: signedIn } } };
export const NoChats: Story = { args: { path: "/chats", engine: { begin: signedIn } } };
export const Chats: Story = { args: { path: "/chats" }, play: shows("Long Table Project") };
export const ListWidth: Story = {
  args: { path: "/chats" },
  play: async ({ canvasElement }) => {
    const edge = await within(canvasElement).findByRole("separator", {}, { timeout: 12_000 });
    const list = canvasElement.querySelector("#list");
    if (list === null) throw new Error("no list");
    edge.focus();
    const outwards = getComputedStyle(edge).direction === "rtl" ? "{ArrowLeft}" : "{ArrowRight}";
    await userEvent.keyboard(outwards + outwards);
    await expect(edge).toHaveAttribute("aria-valuenow", "340");
    await expect(Math.round(list.getBoundingClientRect().width)).toBe(340);
    await userEvent.keyboard("{Enter}");
    await expect(Math.round(list.getBoundingClientRect().width)).toBe(320);
  },
};
export const Requests: Story = { args: { path: "/chats?filter=requests" }, play: shows("Muriel Sánchez") };
export const NewChat: Story = { args: { path: "/new" } };
export const Nowhere: Story = { args: { path: "/no/such/place" } };
export const Chat: Story = {
  args: { path: chatPath("Ada Ng") },
  play: async ({ canvasElement }) => {
    const list = await within(canvasElement).findByRole("list", { name: /Ada Ng/ }, { timeout: 12_000 });
    await waitFor(() => expect(within(list).getByText("Perfect. See you there.")).toBeVisible());
  },
};
export const Group: Story = { args: { path: chatPath("Long Table Project") }, play: shows(/seating plan/) };
export const ArabicChat: Story = { args: { path: chatPath("ليلى حداد") }, play: shows(/شكرا/) };
export const PersonInfo: Story = { args: { path: (fake) => `${chatPath("Ada Ng")(fake)}/info` } };
export const GroupMembers: Story = { args: { path: (fake) => `${chatPath("Long Table Project")(fake)}/members` }, play: shows("Muriel Sánchez") };
export const NewGroup: Story = { args: { path: "/new/group" } };
export const PeopleList: Story = { args: { path: "/people" }, play: shows("Sam Okafor") };
export const PersonPage: Story = { args: { path: "/people/user-bo" }, play: shows("Bo Lindqvist") };
/** Over the person's page; the number of one who was compared before and changed. */
const asks = (name: string | RegExp): NonNullable<Story["play"]> => async () => {
  const dialog = await screen.findByRole("dialog", { name }, { timeout: 12_000 });
  await waitFor(() => expect(within(dialog).getByRole("list", { name: "Number to compare" })).toBeVisible(), { timeout: 12_000 });
};
export const VerifyKnown: Story = { args: { path: "/people/user-sam/verify" }, play: asks("Verify Sam Okafor") };
export const VerifyVerified: Story = { args: { path: "/people/user-ada/verify" }, play: asks("Verify Ada Ng") };
export const VerifyChanged: Story = { args: { path: "/people/user-bo/verify" }, play: asks("Verify Bo Lindqvist") };
export const VerifyCode: Story = {
  args: { path: "/people/user-sam/verify" },
  play: async () => {
    await userEvent.click(await screen.findByRole("tab", { name: "Code" }, { timeout: 12_000 }));
    await expect(await screen.findByRole("img", { name: "Code of the number" })).toBeVisible();
  },
};
export const VerifyDiffers: Story = {
  args: { path: "/people/user-ada/verify" },
  play: async () => {
    await userEvent.click(await screen.findByRole("button", { name: "They do not match" }, { timeout: 12_000 }));
    await expect(await screen.findByRole("dialog", { name: "The numbers differ" }, { timeout: 12_000 })).toBeVisible();
  },
};
export const VerifyAndBack: Story = {
  args: { path: "/people/user-sam/verify" },
  play: async () => {
    await userEvent.click(await screen.findByRole("button", { name: "They match" }, { timeout: 12_000 }));
    await userEvent.click(await screen.findByRole("button", { name: /^Verified/ }, { timeout: 12_000 }));
    await userEvent.click(await screen.findByRole("button", { name: "Take verified back" }, { timeout: 12_000 }));
    await expect(await screen.findByRole("button", { name: /^Verify/ }, { timeout: 12_000 })).toBeVisible();
  },
};
/** Told while the chat is open: a line comes, and one can still write. */
function told(what: (fake: Fake) => void, line: RegExp): Story {
  let fake: Fake | undefined;
  return {
    args: { path: chatPath("Ada Ng"), then: (made) => void (fake = made) },
    play: async () => {
      const head = await screen.findByRole("heading", { level: 1, name: /Ada Ng/ }, { timeout: 12_000 });
      await within(head).findByRole("img", { name: "Verified" }, { timeout: 12_000 });
      if (fake !== undefined) what(fake);
      await expect(await screen.findByText(line, {}, { timeout: 12_000 })).toBeVisible();
      await expect(screen.getByRole("textbox", { name: "Message Ada Ng" })).toBeVisible();
    },
  };
}
export const QuietLineDemoted: Story = told((fake) => fake.script.trust(fake.world.person("@ada"), "known"), /doesn't count as verified any more/);
export const QuietLineStale: Story = told((fake) => fake.script.alarm("devicesStale", fake.world.person("@ada")), /may be out of date/);
/** Over every screen, one at a time, each said once. */
function warned(after: () => Promise<void>): Story {
  let fake: Fake | undefined;
  return {
    args: { path: "/chats", then: (made) => void (fake = made) },
    play: async () => {
      await screen.findByText("Workshop Tuesday", {}, { timeout: 12_000 });
      const ada = fake?.world.person("@ada");
      for (const kind of ["clone", "clone", "devicesStale"] as const) fake?.script.alarm(kind, ada);
      fake?.script.alarm("clockSkew");
      const warning = await screen.findByRole("region", { name: "Warning" }, { timeout: 12_000 });
      await waitFor(() => expect(warning).toHaveTextContent("Two copies of a device of Ada Ng are in use"));
      await after();
    },
  };
}
const understood = async () => userEvent.click(screen.getByRole("button", { name: "I understand" }));
export const Alarm: Story = warned(async () => undefined);
export const AlarmsSeen: Story = warned(async () => {
  await understood();
  await expect(await screen.findByText("The clock of this device is wrong")).toBeVisible();
  await understood();
  await waitFor(() => expect(screen.queryByRole("region", { name: "Warning" })).toBeNull());
});
export const VerifiedChanged: Story = { args: { path: chatPath("Bo Lindqvist") }, play: shows("Check it's really") };
const cyChanged: ScreenProps = {
  path: chatPath("Cy Marlow"),
  then: (fake) => fake.script.trust(fake.world.person("@cy"), "changed"),
};
export const Changed: Story = { args: cyChanged, play: shows("I understand") };
export const ChangedSeen: Story = {
  args: cyChanged,
  play: async () => {
    await userEvent.click(await screen.findByRole("button", { name: "I understand" }, { timeout: 12_000 }));
    await expect(await screen.findByRole("textbox", { name: "Message Cy Marlow" }, { timeout: 12_000 })).toBeVisible();
  },
};
export const MyCode: Story = {
  args: { path: "/me/code" },
  play: async () => {
    await waitFor(() => expect(screen.getByRole("img", { name: "Code of my link" })).toBeVisible(), { timeout: 12_000 });
    const field = screen.getByRole("textbox", { name: "Invite link" });
    await userEvent.type(field, "hello");
    await userEvent.click(screen.getByRole("button", { name: "Look" }));
    await expect(await screen.findByText(/a whole invite link/, {}, { timeout: 12_000 })).toBeVisible();
  },
};
export const InviteFromBo: Story = { args: { path: "/i/bo#user-bo" } };
const page = (name: string): Story => ({ args: { path: `/settings/${name}` } });
export const Settings: Story = { args: { path: "/settings" } };
export const SettingsAccount: Story = page("account");
export const SettingsDevices: Story = { args: { path: "/settings/devices", engine: { begin: (world, script) => { sample(world, script); script.deviceWaits("Nina's phone"); } } } };
export const SettingsDevicesLimited: Story = {
  args: { path: "/settings/devices", engine: { begin: (world, script) => { sample(world, script); script.limited(); script.deviceWaits("Nina's phone"); } } },
  play: async () => {
    await waitFor(() => expect(screen.getByText(/lets no device in or out/)).toBeVisible(), { timeout: 12_000 });
    await expect(screen.getByText(/limited and can't let it in/)).toBeVisible();
    await expect(screen.queryByRole("button", { name: "It was me, compare" })).toBeNull();
  },
};
export const SettingsDevicesCompare: Story = {
  args: {
    path: "/settings/devices",
    engine: { begin: (world, script) => { sample(world, script); const phone = script.deviceWaits("Nina's phone"); script.approval("compare", phone); script.deviceWaits("Firefox on Windows", "web"); } },
  },
  play: shows("They match"),
};
export const SettingsRecovery: Story = page("recovery");
export const SettingsPrivacy: Story = page("privacy");
export const SettingsNotifications: Story = page("notifications");
export const SettingsAppearance: Story = page("appearance");
export const SettingsServer: Story = page("server");
export const SettingsHelp: Story = page("help");
export const Palette: Story = {
  args: { path: "/chats" },
  play: async () => {
    await waitFor(() => expect(screen.getAllByText("Long Table Project").length).toBeGreaterThan(0), { timeout: 12_000 });
    await userEvent.keyboard("{Control>}k{/Control}");
    await expect(await screen.findByRole("dialog", {}, { timeout: 12_000 })).toBeVisible();
  },
};
/** The guide shows the keys of the table that the keys are read from, each once, and the palette has every command. */
export const Guide: Story = {
  args: { path: chatPath("Ada Ng") },
  play: async () => {
    await screen.findByRole("heading", { level: 1, name: /Ada Ng/ }, { timeout: 12_000 });
    await userEvent.keyboard("{Control>}/{/Control}");
    const guide = within(await screen.findByRole("dialog", { name: "Keyboard shortcuts" }, { timeout: 12_000 }));
    const written = guide.getAllByRole("definition").map((one) => one.textContent);
    for (const { command } of KEYS.filter((one) => !one.command.startsWith("pinned"))) await expect(written.filter((one) => one === shown(keysOf(command, shellHere()), onMac())), command).toHaveLength(1);
    for (const key of Object.values(ACTION_KEYS)) await expect(written.flatMap((one) => one.split(", ")), key).toContain(key);
    await expect(guide.getByText("Pinned chats")).toBeVisible();
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  },
};
export const ChatKeys: Story = {
  args: { path: chatPath("Ada Ng") },
  play: async ({ canvasElement }) => {
    const page = within(canvasElement);
    await page.findByRole("heading", { level: 1, name: /Ada Ng/ }, { timeout: 12_000 });
    await userEvent.keyboard("{Control>}f{/Control}");
    const box = await page.findByRole("searchbox", { name: "Find in Ada Ng" });
    await waitFor(() => expect(box).toHaveFocus());
    await userEvent.keyboard("{Escape}");
    await userEvent.keyboard("{Control>};{/Control}");
    await expect(await screen.findByRole("dialog", { name: "Emoji" })).toBeVisible();
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    // The first pinned chat, on any keyboard.
    await userEvent.keyboard("{Alt>}{Shift>}[Digit1]{/Shift}{/Alt}");
    await expect(await page.findByRole("heading", { level: 1, name: "Workshop Tuesday" })).toBeVisible();
  },
};
/** Held messages are only counted. */
export const HeldInfo: Story = {
  args: { path: (fake) => `${chatPath("Ada Ng")(fake)}/info`, then: (fake) => fake.world.rooms.forEach((room) => (room.held = 2)) },
  play: shows("2 messages held: sent from a device that its owner removed."),
};
export const Search: Story = {
  args: { path: "/search?q=the" },
  play: async ({ canvasElement }) => {
    const page = within(canvasElement);
    await waitFor(() => expect(page.getAllByRole("listitem").length).toBeGreaterThan(1), { timeout: 12_000 });
    const all = page.getAllByRole("listitem").length;
    await userEvent.click(page.getByRole("button", { name: "From: Anyone" }));
    await userEvent.click(await screen.findByRole("menuitemradio", { name: "Ada Ng" }));
    await expect(await page.findByRole("button", { name: "From Ada Ng" })).toBeVisible();
    await waitFor(() => expect(page.getAllByRole("listitem").length).toBeLessThan(all));
  },
};
export const SearchNarrowedToNothing: Story = {
  args: { path: (fake) => `/search?q=the&since=week&from=${[...fake.world.people.values()].find((one) => one.name?.startsWith("J"))?.user ?? ""}` },
  play: async () => {
    await userEvent.click(await screen.findByRole("button", { name: "Search everywhere" }, { timeout: 12_000 }));
    await waitFor(() => expect(screen.getAllByRole("listitem").length).toBeGreaterThan(0));
  },
};
export const Offline: Story = {
  args: {
    path: chatPath("Ada Ng"),
    then: (fake) => {
      fake.script.connection("noInternet");
      const room = [...fake.world.rooms.values()].find((row) => row.title === "Ada Ng");
      if (room !== undefined) fake.script.outgoing(room, "Leaving now, ten minutes.", "waiting");
    },
  },
  play: shows("Leaving now, ten minutes."),
};
export const ServerDown: Story = {
  args: { path: "/chats", then: (fake) => fake.script.connection("serverDown") },
  play: async () => {
    await userEvent.click(await screen.findByRole("button", { name: "Retry now" }, { timeout: 12_000 }));
    await expect(await screen.findByText("Connecting", undefined, { timeout: 12_000 })).toBeVisible();
  },
};
export const OtherTab: Story = { args: { path: "/chats", engine: { stage: { name: "waiting" } } } };
export const EngineFailed: Story = { args: { path: "/chats", engine: { stage: { name: "failed", error: { code: "vault_missing", message: "", hint: "" } } } } };
export const DeviceWaits: Story = {
  args: {
    path: "/chats",
    engine: {
      begin: (world, script) => {
        script.signIn("nina");
        if (world.me !== null) world.me.device_state = "waiting";
      },
    },
  },
};
