import type { Meta, StoryObj } from "@storybook/react-vite";
import { Avatar } from "./Avatar.tsx";

const meta: Meta<typeof Avatar> = { component: Avatar };
export default meta;
type Story = StoryObj<typeof Avatar>;
const names = ["Ada Ng", "Bo Lindqvist", "ნინო მაისურაძე", "ليلى حداد", "Çelik", "42 Straße", "👩‍👧 family", "@ada", "  "];

export const People: Story = { render: () => <div style={{ display: "flex", gap: 8 }}>{names.map((name, index) => <Avatar key={name} id={`person-${index}`} name={name} />)}</div> };
export const Groups: Story = { render: () => <div style={{ display: "flex", gap: 8 }}>{["Family", "Long Table Project", "Workshop Tuesday"].map((name) => <Avatar key={name} id={name} name={name} group size={48} />)}</div> };
export const Sizes: Story = { render: () => <div style={{ display: "flex", gap: 8, alignItems: "end" }}>{([20, 24, 32, 36, 40, 48, 56, 72, 88, 120] as const).map((size) => <Avatar key={size} id="ada" name="Ada Ng" size={size} />)}</div> };
