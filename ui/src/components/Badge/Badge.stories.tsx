import type { Meta, StoryObj } from "@storybook/react-vite";
import { AtSign } from "lucide-react";
import { Badge, IconBadge, Tag } from "./Badge.tsx";

const meta: Meta<typeof Badge> = { component: Badge };
export default meta;
type Story = StoryObj<typeof Badge>;

export const Counts: Story = {
  render: () => (
    <div style={{ display: "flex", gap: 8, alignItems: "center" }}>
      <Badge count={1} /><Badge count={12} /><Badge count={100} /><Badge count={38} muted /><Badge count={3} size="small" label="3 unread chats" />
      <IconBadge label="You are mentioned"><AtSign /></IconBadge>
    </div>
  ),
};
export const Tags: Story = {
  render: () => (
    <div style={{ display: "flex", gap: 8, alignItems: "center" }}>
      <Tag>Member</Tag><Tag kind="accent">This device</Tag><Tag kind="ok">Confirmed</Tag><Tag kind="warn">Waiting</Tag>
    </div>
  ),
};
