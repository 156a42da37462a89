import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, fn, screen, userEvent } from "storybook/test";
import { toast, Toasts } from "./Toast.tsx";

const undo = fn();
const meta: Meta = { title: "components/Toast", render: () => <Toasts />, parameters: { layout: "fullscreen" } };
export default meta;

export const WithUndo: StoryObj = {
  play: async () => {
    undo.mockClear();
    const close = toast("Message deleted", { action: { label: "Undo", onPress: undo }, timeout: 60_000 });
    await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await expect(undo).toHaveBeenCalledOnce();
    close();
    toast("Message deleted", { action: { label: "Undo", onPress: undo }, timeout: 60_000 });
    await expect(await screen.findByRole("alertdialog")).toBeVisible();
  },
};
