// Names of people, asked for when a screen first needs one and renewed when the engine says so.
import { useEffect } from "react";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { Client, Profile } from "../../../client-core/bindings/chatty.ts";
import type { Model } from "./store.ts";
import { useChatty, useModel } from "./use.ts";

interface People {
  known: ReadonlyMap<string, Profile>;
}

const stores = new WeakMap<Model, ReturnType<typeof makeStore>>();

function makeStore(api: Client) {
  const store = createStore<People>(() => ({ known: new Map() }));
  const asked = new Set<string>();
  async function ask(user: string): Promise<void> {
    asked.add(user);
    try {
      const profile = await api.call("profile.get", { person: user });
      store.setState({ known: new Map(store.getState().known).set(user, profile) });
    } catch {
      // Asked again by the next screen that shows this person.
      asked.delete(user);
    }
  }
  return { store, ask, need: (user: string) => (asked.has(user) ? undefined : void ask(user)), asked };
}

function peopleOf(model: Model) {
  let made = stores.get(model);
  if (made === undefined) {
    const fresh = makeStore(model.api);
    stores.set(model, fresh);
    model.onEvent((event) => {
      if (event.event === "person.changed" && fresh.asked.has(event.user)) void fresh.ask(event.user);
      if (event.event === "account.changed" && event.who === null) {
        // Nothing of one account is shown to the next one.
        fresh.asked.clear();
        fresh.store.setState({ known: new Map() });
      }
    });
    made = fresh;
  }
  return made;
}

/** What is known of a person; `undefined` until the engine has answered. */
export function usePerson(user: string | undefined): Profile | undefined {
  const people = peopleOf(useModel());
  useEffect(() => {
    if (user !== undefined) people.need(user);
  }, [people, user]);
  return useStore(people.store, (now) => (user === undefined ? undefined : now.known.get(user)));
}

/** The same of several. */
export function usePeople(users: readonly string[]): ReadonlyMap<string, Profile | undefined> {
  const people = peopleOf(useModel());
  const known = useStore(people.store, (now) => now.known);
  useEffect(() => users.forEach((user) => void people.need(user)), [people, users]);
  return new Map(users.map((user) => [user, known.get(user)]));
}

/** Whether a person is online, as far as both share it and a direct chat with them is on the screen. */
export function useOnline(user: string | undefined): boolean {
  return useChatty((state) => user !== undefined && state.presence.online.includes(user));
}

/** Asks again, after a change that no event tells of. */
export function useRenewPerson(): (user: string) => Promise<void> {
  return peopleOf(useModel()).ask;
}
