import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, userEvent, within } from "storybook/test";
import { SearchField } from "./SearchField.tsx";

const meta: Meta<typeof SearchField> = { component: SearchField, args: { label: "Search" }, decorators: [(Story) => <div style={{ display: "flex", inlineSize: 296 }}><Story /></div>] };
export default meta;
type Story = StoryObj<typeof SearchField>;

export const Empty: Story = { args: { shortcut: "Ctrl K" } };
export const EscapeEmptiesIt: Story = {
  play: async ({ canvasElement }) => {
    const field = within(canvasElement).getByRole("searchbox");
    await userEvent.type(field, "lunch");
    await userEvent.keyboard("{Escape}");
    await expect(field).toHaveValue("");
    await userEvent.type(field, "flyer");
    await userEvent.click(within(canvasElement).getByRole("button", { name: "Clear search" }));
    await expect(field).toHaveValue("");
  },
};
export const Filled: Story = { args: { defaultValue: "lunch at the park on Tuesday with everybody" } };
