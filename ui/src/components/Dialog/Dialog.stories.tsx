import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, screen, userEvent, waitFor, within } from "storybook/test";
import { SAMPLE_SAS } from "../../bridge/fake/index.ts";
import { Button } from "../Button/Button.tsx";
import { Pictures } from "../Pictures/Pictures.tsx";
import { TextField } from "../TextField/TextField.tsx";
import { Dialog, DialogTrigger } from "./Dialog.tsx";

const meta: Meta<typeof Dialog> = { component: Dialog, parameters: { layout: "fullscreen" } };
export default meta;
type Story = StoryObj<typeof Dialog>;

export const Form: Story = {
  args: { isOpen: true, title: "Rename this device", children: <TextField label="Name" defaultValue="Firefox on Linux" />, actions: <><Button kind="quiet">Not now</Button><Button kind="primary">Save</Button></> },
};
export const Wide: Story = {
  args: { isOpen: true, size: "wide", title: "Verify Ada", children: <Pictures sas={SAMPLE_SAS} />, actions: <><Button kind="quiet">Not now</Button><Button>They differ</Button><Button kind="primary">They match</Button></> },
};
export const LongText: Story = {
  args: { isOpen: true, title: "About this server", children: Array.from({ length: 40 }, (_, line) => <p key={line}>The server keeps your messages only until your devices have them.</p>), actions: <Button kind="primary">Got it</Button> },
};
export const OpensAndEscapes: Story = {
  render: () => <DialogTrigger><Button>Open</Button><Dialog title="New group" actions={(close) => <Button onPress={close}>Cancel</Button>}>Choose people.</Dialog></DialogTrigger>,
  play: async ({ canvasElement }) => {
    const open = within(canvasElement).getByRole("button", { name: "Open" });
    await userEvent.click(open);
    await expect(await screen.findByRole("dialog", { name: "New group" })).toBeVisible();
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await waitFor(() => expect(open).toHaveFocus());
  },
};
