import type { Meta, StoryObj } from "@storybook/react-vite";
import { Skeleton } from "./Skeleton.tsx";

const meta: Meta<typeof Skeleton> = { component: Skeleton };
export default meta;
type Story = StoryObj<typeof Skeleton>;

export const Rows: Story = { args: { shape: "rows" }, decorators: [(Story) => <div style={{ inlineSize: 320 }}><Story /></div>] };
export const Bubbles: Story = { args: { shape: "bubbles" } };
export const Lines: Story = { args: { shape: "lines", count: 3 } };
