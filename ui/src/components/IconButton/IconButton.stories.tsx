import type { Meta, StoryObj } from "@storybook/react-vite";
import { ArrowUp, Bell, Info, Search, SmilePlus } from "lucide-react";
import { expect, fn, screen, userEvent, within } from "storybook/test";
import { IconButton } from "./IconButton.tsx";

const meta: Meta<typeof IconButton> = { component: IconButton, args: { label: "Search in this chat", children: <Search />, onPress: fn() } };
export default meta;
type Story = StoryObj<typeof IconButton>;

export const Kinds: Story = {
  render: () => (
    <div style={{ display: "flex", gap: 8, alignItems: "center" }}>
      <IconButton label="Search"><Search /></IconButton>
      <IconButton label="Details" on><Info /></IconButton>
      <IconButton label="React" size="small"><SmilePlus /></IconButton>
      <IconButton label="Send" kind="solid"><ArrowUp /></IconButton>
      <IconButton label="Send" kind="solid" isDisabled><ArrowUp /></IconButton>
      <IconButton label="Notifications" isDisabled><Bell /></IconButton>
    </div>
  ),
};
export const NameIsShownOnFocus: Story = {
  args: { shortcut: "Ctrl F" },
  play: async ({ canvasElement }) => {
    await userEvent.tab();
    await expect(within(canvasElement).getByRole("button", { name: "Search in this chat" })).toHaveFocus();
    await expect(await screen.findByText("Search in this chat")).toBeVisible();
  },
};
