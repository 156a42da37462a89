import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, userEvent, waitFor, within } from "storybook/test";
import { Failure } from "./Failure.tsx";

const failed = (code: "internal" | "code_wrong", error: string) => ({ of: { error, failed: { code, message: "not for people", hint: "" } } });
const meta: Meta<typeof Failure> = { component: Failure };
export default meta;
type Story = StoryObj<typeof Failure>;

export const ForSupport: Story = {
  args: failed("internal", "The server had a problem. Try again."),
  play: async ({ canvasElement }) => {
    await userEvent.click(within(canvasElement).getByRole("button", { name: "Copy details" }));
    // Copied, or shown to be copied by hand where the browser does not let it.
    const said = await within(canvasElement).findByRole("status");
    await waitFor(() => expect(said.textContent).toMatch(/Copied|error: internal/));
    await expect(said.textContent).not.toContain("not for people");
  },
};
export const ByThePerson: Story = {
  args: failed("code_wrong", "That is not the code. Look again."),
  play: async ({ canvasElement }) => expect(within(canvasElement).queryByRole("button")).toBeNull(),
};
export const None: Story = { args: { of: { error: undefined, failed: undefined } } };
