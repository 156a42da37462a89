import type { Meta, StoryObj } from "@storybook/react-vite";
import { Spinner } from "../Spinner/Spinner.tsx";
import { ProgressBar } from "./ProgressBar.tsx";

const meta: Meta<typeof ProgressBar> = { component: ProgressBar, args: { label: "Copying your history" }, decorators: [(Story) => <div style={{ maxInlineSize: 380 }}><Story /></div>] };
export default meta;
type Story = StoryObj<typeof ProgressBar>;

export const Known: Story = { args: { value: 62, children: "1.4 GB of 2.3 GB, about 3 min left" } };
export const Unknown: Story = {};
export const Bare: Story = { args: { hideLabel: true, value: 25 } };
export const Spinners: Story = { render: () => <div style={{ display: "flex", gap: 12 }}><Spinner /><Spinner size={32} label="Connecting" /></div> };
