import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, screen, userEvent, within } from "storybook/test";
import { Button } from "../Button/Button.tsx";
import { Sheet, SheetTrigger } from "./Sheet.tsx";

const meta: Meta = { title: "components/Sheet", parameters: { layout: "fullscreen" } };
export default meta;

export const Open: StoryObj = {
  render: () => <SheetTrigger><Button>Attach</Button><Sheet title="Add to message">{(close) => <Button block onPress={close}>Photo</Button>}</Sheet></SheetTrigger>,
  play: async ({ canvasElement }) => {
    const trigger = within(canvasElement).getByRole("button", { name: "Attach" });
    await userEvent.click(trigger);
    await expect(await screen.findByRole("dialog", { name: "Add to message" })).toBeVisible();
  },
};
