import type { Meta, StoryObj } from "@storybook/react-vite";
import { useMemo } from "react";
import { createFake, type FakeOptions } from "../../bridge/fake/fake.ts";
import { NOON } from "../../bridge/fake/sample.ts";
import { Toasts } from "../../components/Toast/Toast.tsx";
import { createModel } from "../../model/store.ts";
import { ModelProvider } from "../../model/use.ts";
import { useChatty } from "../../model/use.ts";
import { Conversation } from "./Conversation.tsx";
import * as worlds from "./worlds.ts";

type Begin = NonNullable<FakeOptions["begin"]>;

/** The chat of the newest message. */
function Newest() {
  const id = useChatty((state) => [...state.chats.values()].sort((a, b) => b.last_at_ms - a.last_at_ms)[0]?.id);
  return id === undefined ? null : <Conversation chat={id} />;
}

function Chat({ begin }: { begin: Begin }) {
  const model = useMemo(() => {
    const fake = createFake({ now: () => NOON, begin });
    return createModel(fake, fake.api);
  }, [begin]);
  return (
    <ModelProvider value={model}>
      <main style={{ position: "fixed", inset: 0 }}><Newest /></main>
      <Toasts />
    </ModelProvider>
  );
}

const meta: Meta<typeof Chat> = { title: "Conversation", component: Chat, parameters: { layout: "fullscreen" } };
export default meta;
type Story = StoryObj<typeof Chat>;

const story = (begin: Begin): Story => ({ args: { begin } });

export const Direct = story(worlds.direct);
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
