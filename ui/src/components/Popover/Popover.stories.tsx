import type { Meta, StoryObj } from "@storybook/react-vite";
import { screen, userEvent, within } from "storybook/test";
import { Button } from "../Button/Button.tsx";
import { DialogTrigger } from "../Dialog/Dialog.tsx";
import { Popover } from "./Popover.tsx";

const meta: Meta = { title: "components/Popover" };
export default meta;

export const Open: StoryObj = {
  render: () => <DialogTrigger><Button>👍 2</Button><Popover label="People who reacted">Ada Ng, Sam Okafor</Popover></DialogTrigger>,
  play: async ({ canvasElement }) => {
    await userEvent.click(within(canvasElement).getByRole("button"));
    await screen.findByRole("dialog", { name: "People who reacted" });
  },
};
