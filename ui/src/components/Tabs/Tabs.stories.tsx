import type { Meta, StoryObj } from "@storybook/react-vite";
import { Eye, QrCode } from "lucide-react";
import { expect, userEvent, within } from "storybook/test";
import { Tabs } from "./Tabs.tsx";

const meta: Meta<typeof Tabs<string>> = {
  component: Tabs<string>,
  args: {
    label: "How to verify",
    tabs: [
      { id: "scan", title: "Scan", icon: <QrCode />, content: <p>Point the camera at the other screen.</p> },
      { id: "compare", title: "Compare", icon: <Eye />, content: <p>Look at both screens.</p> },
    ],
  },
};
export default meta;
type Story = StoryObj<typeof Tabs<string>>;

export const Segments: Story = {
  play: async ({ canvasElement }) => {
    await userEvent.tab();
    await userEvent.keyboard("{ArrowRight}");
    await expect(within(canvasElement).getByRole("tabpanel")).toHaveTextContent(/Look at both|Point/);
  },
};
export const Chips: Story = {
  args: {
    label: "Which chats", kind: "chips",
    tabs: ["All", "Unread", "Groups", "Requests"].map((title, index) => ({ id: title, title, count: index === 1 ? 7 : undefined, content: <p>{title}</p> })),
  },
};
