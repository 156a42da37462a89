import type { Meta, StoryObj } from "@storybook/react-vite";
import { Copy, Ellipsis, Forward, Pencil, Reply, Trash2 } from "lucide-react";
import { expect, fn, screen, userEvent, waitFor, within } from "storybook/test";
import { IconButton } from "../IconButton/IconButton.tsx";
import { Menu, MenuItem, MenuSection, MenuSeparator, MenuTrigger } from "./Menu.tsx";

const deleted = fn();
const meta: Meta = {
  title: "components/Menu",
  render: () => (
    <MenuTrigger>
      <IconButton label="More"><Ellipsis /></IconButton>
      <Menu label="Message">
        <MenuItem icon={<Reply />} shortcut="R">Reply</MenuItem>
        <MenuItem icon={<Copy />} shortcut="C">Copy</MenuItem>
        <MenuItem icon={<Forward />} isDisabled>Forward</MenuItem>
        <MenuSection title="Yours">
          <MenuItem icon={<Pencil />} hint="Everybody sees that it was changed.">Edit</MenuItem>
        </MenuSection>
        <MenuSeparator />
        <MenuItem icon={<Trash2 />} danger onAction={deleted}>Delete</MenuItem>
      </Menu>
    </MenuTrigger>
  ),
};
export default meta;

export const Open: StoryObj = { play: async ({ canvasElement }) => { await userEvent.click(within(canvasElement).getByRole("button", { name: "More" })); await screen.findByRole("menu"); } };
export const ByKeyboard: StoryObj = {
  play: async () => {
    deleted.mockClear();
    await userEvent.tab();
    await userEvent.keyboard("{Enter}");
    await screen.findByRole("menu");
    await userEvent.keyboard("{End}{Enter}");
    await expect(deleted).toHaveBeenCalledOnce();
    await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
  },
};
export const Selection: StoryObj = {
  render: () => (
    <MenuTrigger>
      <IconButton label="Disappearing messages"><Ellipsis /></IconButton>
      <Menu label="Disappearing messages" selectionMode="single" defaultSelectedKeys={["day"]}>
        <MenuItem id="off">Off</MenuItem>
        <MenuItem id="day">1 day</MenuItem>
        <MenuItem id="week">1 week</MenuItem>
      </Menu>
    </MenuTrigger>
  ),
  play: async ({ canvasElement }) => {
    await userEvent.click(within(canvasElement).getByRole("button"));
    await expect(await screen.findByRole("menuitemradio", { name: "1 day" })).toHaveAttribute("aria-checked", "true");
  },
};
