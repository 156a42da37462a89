// A conversation on a fake engine, for stories: the chat of the newest message.
import { useMemo } from "react";
import { createFake, type FakeOptions } from "../../bridge/fake/fake.ts";
import { NOON } from "../../bridge/fake/sample.ts";
import { Toasts } from "../../components/Toast/Toast.tsx";
import { createModel } from "../../model/store.ts";
import { ModelProvider, useChatty } from "../../model/use.ts";
import { Conversation } from "./Conversation.tsx";

export type Begin = NonNullable<FakeOptions["begin"]>;

function Newest() {
  const id = useChatty((state) => [...state.chats.values()].sort((a, b) => b.last_at_ms - a.last_at_ms)[0]?.id);
  return id === undefined ? null : <Conversation chat={id} />;
}

export function InStory({ begin }: { begin: Begin }) {
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
