import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, within } from "storybook/test";
import { SAMPLE_KEY } from "../../bridge/fake/index.ts";
import { KeyDisplay } from "./KeyDisplay.tsx";

const meta: Meta<typeof KeyDisplay> = { component: KeyDisplay, args: { value: SAMPLE_KEY }, decorators: [(Story) => <div style={{ maxInlineSize: 520 }}><Story /></div>] };
export default meta;
type Story = StoryObj<typeof KeyDisplay>;

export const EightGroups: Story = { play: async ({ canvasElement }) => expect(within(canvasElement).getAllByRole("listitem")).toHaveLength(8) };
