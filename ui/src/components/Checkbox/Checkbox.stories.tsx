import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, userEvent, within } from "storybook/test";
import { Checkbox } from "./Checkbox.tsx";

const meta: Meta<typeof Checkbox> = { component: Checkbox, args: { children: "I saved it" } };
export default meta;
type Story = StoryObj<typeof Checkbox>;

export const States: Story = {
  render: () => (
    <div>
      <Checkbox>I saved it</Checkbox>
      <Checkbox defaultSelected>I saved it</Checkbox>
      <Checkbox isIndeterminate>All chats</Checkbox>
      <Checkbox isInvalid hint="Save the key first.">I saved it</Checkbox>
      <Checkbox isDisabled>I saved it</Checkbox>
      <Checkbox isDisabled defaultSelected>I saved it</Checkbox>
    </div>
  ),
};
export const BySpace: Story = {
  play: async ({ canvasElement }) => {
    await userEvent.tab();
    await userEvent.keyboard(" ");
    await expect(within(canvasElement).getByRole("checkbox", { name: "I saved it" })).toBeChecked();
  },
};
