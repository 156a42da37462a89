import type { Meta, StoryObj } from "@storybook/react-vite";
import { InStory, type Begin } from "./InStory.tsx";
import * as worlds from "./worlds.ts";

const meta: Meta<typeof InStory> = { title: "Conversation", component: InStory, parameters: { layout: "fullscreen" } };
export default meta;
type Story = StoryObj<typeof InStory>;

const story = (begin: Begin): Story => ({ args: { begin } });

export const Direct = story(worlds.direct);
export const Online = story(worlds.online);
export const Group = story(worlds.group);
export const Arabic = story(worlds.arabic);
export const CannotRead = story(worlds.cannotRead);
export const Ladder = story(worlds.ladder);
export const Empty = story(worlds.empty);
export const Held = story(worlds.closed("held", "signature does not verify"));
export const NeedsUpdate = story(worlds.closed("held", "made by a newer version of the app"));
export const Frozen = story(worlds.closed("frozen"));
export const Left = story(worlds.closed("left"));
export const AccountDeleted = story(worlds.closed("left", "account deleted"));
export const Blocked = story(worlds.blocked);
export const CheckWho = story(worlds.changed);
