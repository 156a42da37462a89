import type { Meta, StoryObj } from "@storybook/react-vite";
import { OnlineMark } from "./OnlineMark.tsx";

const meta: Meta<typeof OnlineMark> = { title: "OnlineMark", component: OnlineMark };
export default meta;

export const Online: StoryObj<typeof OnlineMark> = {};
