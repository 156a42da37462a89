// A whole screen on the fake engine, for stories.
import { createMemoryHistory } from "@tanstack/react-router";
import { useState } from "react";
import { createFake, NOON, sample, type Fake, type FakeOptions } from "../bridge/fake/index.ts";
import { createModel } from "../model/store.ts";
import { App } from "./App.tsx";

export interface ScreenProps {
  path: string | ((fake: Fake) => string);
  engine?: FakeOptions;
  /** What happens after the start. */
  then?: (fake: Fake) => void;
  /** Px; without it the whole window. */
  width?: number;
}

export function Screen({ path, engine = { begin: sample }, then, width }: ScreenProps) {
  const [app] = useState(() => {
    // In step with the present of stories.
    const fake = createFake({ now: () => NOON, ...engine });
    then?.(fake);
    const start = typeof path === "string" ? path : path(fake);
    return { model: createModel(fake, fake.api), history: createMemoryHistory({ initialEntries: [start] }) };
  });
  return <div style={{ blockSize: "100dvh", ...(width !== undefined && { inlineSize: width }) }}><App {...app} /></div>;
}

export const chatPath = (title: string) => (fake: Fake) => `/c/${[...fake.world.rooms.values()].find((room) => room.title === title)?.id ?? ""}`;
