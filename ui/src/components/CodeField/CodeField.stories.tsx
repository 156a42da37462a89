import type { Meta, StoryObj } from "@storybook/react-vite";
import { useState } from "react";
import { expect, fn, userEvent, within } from "storybook/test";
import { CodeField, type CodeFieldProps } from "./CodeField.tsx";

function Kept(props: CodeFieldProps) {
  const [code, set] = useState(props.value);
  return <CodeField {...props} value={code} onChange={set} />;
}
const meta: Meta<typeof CodeField> = { component: CodeField, render: (args) => <Kept {...args} />, args: { label: "6-digit code", value: "", onChange: fn(), onComplete: fn(), hint: "Paste works. It goes on by itself after the sixth digit." } };
export default meta;
type Story = StoryObj<typeof CodeField>;

export const Half: Story = { args: { value: "407" }, play: () => userEvent.tab() };
export const Wrong: Story = { args: { value: "407158", error: "That is not the code. Use the one of the newest email." } };
export const PasteGoesOn: Story = {
  play: async ({ canvasElement, args }) => {
    await userEvent.click(within(canvasElement).getByLabelText("6-digit code"));
    await userEvent.paste(" 407-158 ");
    await expect(args.onComplete).toHaveBeenCalledWith("407158");
  },
};
export const ArabicDigits: Story = {
  play: async ({ canvasElement, args }) => {
    await userEvent.type(within(canvasElement).getByLabelText("6-digit code"), "٤٠٧١٥٨");
    await expect(args.onComplete).toHaveBeenCalledWith("407158");
  },
};
