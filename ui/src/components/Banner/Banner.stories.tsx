import type { Meta, StoryObj } from "@storybook/react-vite";
import { CloudOff, ShieldAlert, Smartphone } from "lucide-react";
import { Button } from "../Button/Button.tsx";
import { Banner } from "./Banner.tsx";

const meta: Meta<typeof Banner> = { component: Banner };
export default meta;
type Story = StoryObj<typeof Banner>;

export const Notice: Story = { args: { icon: <Smartphone />, title: "Ada has a new phone or reinstalled.", children: "Nothing to do.", actions: <Button size="small" kind="quiet">What's this?</Button> } };
export const Offline: Story = { args: { kind: "warn", place: "strip", icon: <CloudOff />, title: "No internet.", children: "2 messages will send when you're back.", live: true }, decorators: [(Story) => <div style={{ inlineSize: 320 }}><Story /></div>] };
export const Stop: Story = {
  args: {
    kind: "stop", place: "card", icon: <ShieldAlert />, title: "Check it's really Ada",
    children: "You verified her on 2 March, and @ada now leads to another account. Sending is paused.",
    actions: <><Button size="small" kind="primary">Verify again</Button><Button size="small" kind="quiet">Continue unverified</Button></>,
  },
};
export const Card: Story = { args: { place: "card", icon: <Smartphone />, title: "Finish setup", children: "Two of three steps are done.", actions: <Button size="small">Continue</Button> } };
