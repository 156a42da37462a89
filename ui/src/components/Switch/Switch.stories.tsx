import type { Meta, StoryObj } from "@storybook/react-vite";
import { Bell } from "lucide-react";
import { expect, userEvent, within } from "storybook/test";
import { Switch } from "./Switch.tsx";

const meta: Meta<typeof Switch> = { component: Switch, args: { children: "Read receipts" }, decorators: [(Story) => <div style={{ maxInlineSize: 420 }}><Story /></div>] };
export default meta;
type Story = StoryObj<typeof Switch>;

export const States: Story = {
  render: () => (
    <div>
      <Switch>Link previews</Switch>
      <Switch defaultSelected hint="If you turn this off, you don't see when others have read.">Read receipts</Switch>
      <Switch icon={<Bell />} defaultSelected hint="Also while Chatty is in another tab.">Notifications</Switch>
      <Switch isDisabled>App lock</Switch>
      <Switch isDisabled defaultSelected>App lock</Switch>
    </div>
  ),
};
export const ByKeyboard: Story = {
  play: async ({ canvasElement }) => {
    await userEvent.tab();
    await userEvent.keyboard(" ");
    await expect(within(canvasElement).getByRole("switch", { name: "Read receipts" })).toBeChecked();
  },
};
