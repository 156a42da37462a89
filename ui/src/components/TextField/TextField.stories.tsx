import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, userEvent, within } from "storybook/test";
import { TextField } from "./TextField.tsx";

const meta: Meta<typeof TextField> = { component: TextField, args: { label: "Name" }, decorators: [(Story) => <div style={{ maxInlineSize: 340 }}><Story /></div>] };
export default meta;
type Story = StoryObj<typeof TextField>;

export const Hint: Story = { args: { hint: "What people see. Change it any time.", defaultValue: "Ada Ng" } };
export const Empty: Story = { args: { placeholder: "Your name" } };
export const WithError: Story = {
  args: { label: "Email", type: "email", defaultValue: "ada@", error: "Something is missing after the @." },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getByRole("textbox")).toBeInvalid();
    await expect(within(canvasElement).getByRole("textbox")).toHaveAccessibleDescription("Something is missing after the @.");
  },
};
export const Password: Story = {
  args: { label: "Password", type: "password", defaultValue: "correct horse" },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await userEvent.click(screen.getByRole("button", { name: "Show password" }));
    await expect(screen.getByLabelText("Password")).toHaveAttribute("type", "text");
    await userEvent.click(screen.getByRole("button", { name: "Hide password" }));
    await expect(screen.getByLabelText("Password")).toHaveAttribute("type", "password");
  },
};
export const Prefix: Story = { args: { label: "User name", prefix: "@", defaultValue: "ada" } };
export const Multiline: Story = { args: { label: "Recovery key", multiline: true, mono: true, rows: 2, defaultValue: "K7QFM 2M9X4 4TRDT W8HCZ" } };
export const Disabled: Story = { args: { isDisabled: true, defaultValue: "Ada Ng", hint: "Only on a confirmed device." } };
export const Focused: Story = { args: { defaultValue: "Ada" }, play: () => userEvent.tab() };
export const ArabicText: Story = { args: { defaultValue: "ليلى حداد" } };
