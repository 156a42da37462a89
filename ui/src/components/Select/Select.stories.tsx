import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, fn, screen, userEvent, within } from "storybook/test";
import { Select } from "./Select.tsx";

const meta: Meta<typeof Select<string>> = {
  component: Select<string>,
  decorators: [(Story) => <div style={{ maxInlineSize: 320 }}><Story /></div>],
  args: {
    label: "Language", value: "de", onChange: fn(),
    choices: [{ value: "en", label: "English" }, { value: "de", label: "Deutsch" }, { value: "ar", label: "العربية" }, { value: "ka", label: "ქართული" }],
  },
};
export default meta;
type Story = StoryObj<typeof Select<string>>;

export const Closed: Story = {};
export const Small: Story = { args: { hideLabel: true, size: "small" } };
export const WithError: Story = { args: { error: "Choose another one." } };
export const Disabled: Story = { args: { isDisabled: true, hint: "Set by this device." } };
export const Open: Story = {
  play: async ({ canvasElement, args }) => {
    await userEvent.click(within(canvasElement).getByRole("button"));
    const list = await screen.findByRole("listbox");
    await userEvent.click(within(list).getByRole("option", { name: "English" }));
    await expect(args.onChange).toHaveBeenCalledWith("en");
    await userEvent.click(within(canvasElement).getByRole("button"));
    await expect(await screen.findByRole("option", { name: "Deutsch" })).toHaveAttribute("aria-selected", "true");
  },
};
