import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, fn, screen, waitFor } from "storybook/test";
import { AlertDialog } from "./AlertDialog.tsx";

const meta: Meta<typeof AlertDialog> = {
  component: AlertDialog,
  parameters: { layout: "fullscreen" },
  args: { isOpen: true, onOpenChange: fn(), onAction: fn(), title: "Delete for everyone?", action: "Delete", danger: true, children: "Devices that are offline delete it when they return. Copies may exist." },
};
export default meta;
type Story = StoryObj<typeof AlertDialog>;

export const Danger: Story = {
  play: async () => {
    // The safe answer has the focus.
    const cancel = await screen.findByRole("button", { name: "Cancel" });
    await waitFor(() => expect(cancel).toHaveFocus());
    await expect(screen.getByRole("alertdialog", { name: "Delete for everyone?" })).toBeVisible();
  },
};
export const Busy: Story = { args: { busy: true } };
export const Harmless: Story = { args: { danger: false, title: "Sign out of this browser?", action: "Sign out", children: "Messages stay on your phone." } };
