import type { Meta, StoryObj } from "@storybook/react-vite";
import { MessagesSquare } from "lucide-react";
import { Button } from "../Button/Button.tsx";
import { EmptyState } from "./EmptyState.tsx";

const meta: Meta<typeof EmptyState> = { component: EmptyState };
export default meta;
type Story = StoryObj<typeof EmptyState>;

export const NoChats: Story = { args: { icon: <MessagesSquare />, title: "It's quiet here.", children: "Share your link to start.", action: <Button kind="primary">Share my link</Button> } };
export const OneLine: Story = { args: { title: "No requests. New people will show up here first." } };
