import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, within } from "storybook/test";
import { TrustBadge } from "./TrustBadge.tsx";

const meta: Meta<typeof TrustBadge> = { component: TrustBadge };
export default meta;
type Story = StoryObj<typeof TrustBadge>;

export const Ladder: Story = {
  render: () => <ul>{(["new", "known", "verified", "changed", "verifiedChanged"] as const).map((state) => <li key={state} style={{ display: "flex", gap: 5, alignItems: "center" }}>Ada Ng <TrustBadge state={state} /></li>)}</ul>,
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getAllByRole("img")).toHaveLength(2);
    await expect(within(canvasElement).getByRole("img", { name: "Verified" })).toBeVisible();
  },
};
