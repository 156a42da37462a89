import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, fn, userEvent, within } from "storybook/test";
import { RadioGroup } from "./RadioGroup.tsx";

const meta: Meta<typeof RadioGroup<string>> = {
  component: RadioGroup<string>,
  args: {
    label: "Theme",
    onChange: fn(),
    defaultValue: "light",
    choices: [
      { value: "system", label: "Like this device" },
      { value: "light", label: "Light" },
      { value: "dark", label: "Dark", hint: "Easier on the eyes at night." },
      { value: "contrast", label: "High contrast", disabled: true },
    ],
  },
};
export default meta;
type Story = StoryObj<typeof RadioGroup<string>>;

export const Choices: Story = {};
export const ByArrows: Story = {
  play: async ({ canvasElement, args }) => {
    await userEvent.tab();
    await userEvent.keyboard("{ArrowDown}");
    await expect(within(canvasElement).getByRole("radio", { name: "Dark" })).toBeChecked();
    await expect(args.onChange).toHaveBeenCalledWith("dark");
  },
};
export const Disabled: Story = { args: { isDisabled: true } };
