import type { Meta, StoryObj } from "@storybook/react-vite";
import { Trash2, UserPlus } from "lucide-react";
import { expect, fn, userEvent, within } from "storybook/test";
import { Button } from "./Button.tsx";

const meta: Meta<typeof Button> = { component: Button, args: { children: "Continue", onPress: fn() } };
export default meta;
type Story = StoryObj<typeof Button>;

export const Kinds: Story = {
  render: () => (
    <div style={{ display: "flex", flexWrap: "wrap", gap: 8, alignItems: "center" }}>
      <Button kind="primary">Create account</Button>
      <Button>I already use Chatty</Button>
      <Button kind="quiet">Not now</Button>
      <Button kind="danger">Delete</Button>
      <Button kind="quietDanger">Block</Button>
      <Button icon={<UserPlus />}>Invite</Button>
      <Button kind="danger" icon={<Trash2 />}>Delete for everyone</Button>
    </div>
  ),
};
export const Sizes: Story = {
  render: () => (
    <div style={{ display: "grid", gap: 8, justifyItems: "start" }}>
      <Button size="small">Try again</Button>
      <Button>Try again</Button>
      <Button size="large" kind="primary">Try again</Button>
      <Button size="large" kind="primary" block>Try again</Button>
    </div>
  ),
};
export const Disabled: Story = {
  render: () => (
    <div style={{ display: "flex", gap: 8 }}>
      <Button kind="primary" isDisabled>Continue</Button>
      <Button isDisabled>Continue</Button>
      <Button kind="quiet" isDisabled>Continue</Button>
    </div>
  ),
};
export const Busy: Story = {
  args: { kind: "primary", busy: true },
  play: async ({ canvasElement, args }) => {
    const button = within(canvasElement).getByRole("button");
    await userEvent.click(button);
    await expect(args.onPress).not.toHaveBeenCalled();
  },
};
export const LongWords: Story = { args: { kind: "primary", children: "Wiederherstellungsschlüssel in der Passwortverwaltung speichern" }, decorators: [(Story) => <div style={{ inlineSize: 240 }}><Story /></div>] };
export const ByKeyboard: Story = {
  play: async ({ canvasElement, args }) => {
    await userEvent.tab();
    await expect(within(canvasElement).getByRole("button")).toHaveFocus();
    await userEvent.keyboard("{Enter}");
    await expect(args.onPress).toHaveBeenCalledOnce();
  },
};
