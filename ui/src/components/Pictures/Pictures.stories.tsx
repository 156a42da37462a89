import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, within } from "storybook/test";
import { SAMPLE_SAS } from "../../bridge/fake/index.ts";
import { Pictures } from "./Pictures.tsx";

const meta: Meta<typeof Pictures> = { component: Pictures, args: { sas: SAMPLE_SAS } };
export default meta;
type Story = StoryObj<typeof Pictures>;

export const Seven: Story = { play: async ({ canvasElement }) => expect(within(canvasElement).getAllByRole("listitem").length).toBe(7) };
export const Small: Story = { args: { size: "small", numbers: false } };
export const Narrow: Story = { decorators: [(Story) => <div style={{ maxInlineSize: 320 }}><Story /></div>] };
