// What the engine told of people's accounts while this page is open. It keeps no list of it: after a reload only what holds is known.
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { ContactState, Event } from "../../../client-core/bindings/chatty.ts";
import type { Model } from "./store.ts";
import { useModel } from "./use.ts";

/** `changed`: another account or a split list; `demoted`: verified no more; `stale`: the server shows an old list of devices. */
export interface TrustNews {
  kind: "changed" | "demoted" | "stale";
  atMs: number;
}

type News = ReadonlyMap<string, TrustNews>;
const made = new WeakMap<Model, StoreApi<{ news: News }>>();

/** The newest of each person; whoever is verified anew has none. */
export function afterEvent(news: News, states: Map<string, ContactState>, event: Event, now: number): News {
  if (event.event === "alarm" && event.kind === "devicesStale" && event.user !== undefined) return new Map(news).set(event.user, { kind: "stale", atMs: now });
  if (event.event !== "person.changed") return news;
  const { user, state } = event;
  const before = states.get(user);
  states.set(user, state);
  const fresh = new Map(news);
  if (state === "verified") fresh.delete(user);
  else if (state === "changed" || state === "verifiedChanged") fresh.set(user, { kind: "changed", atMs: now });
  // After a change that was seen, the line about the change is enough.
  else if (before === "verified") fresh.set(user, { kind: "demoted", atMs: now });
  else return news;
  return fresh;
}

/** Listens from now on. */
export function keepTrustNews(model: Model): StoreApi<{ news: News }> {
  const there = made.get(model);
  if (there !== undefined) return there;
  const store = createStore<{ news: News }>(() => ({ news: new Map() }));
  made.set(model, store);
  const states = new Map<string, ContactState>();
  // Events say what a state became, not what it was.
  const learn = () => void model.api.call("person.list", {}).then((people) => people.forEach((one) => states.has(one.user) || states.set(one.user, one.state)), () => undefined);
  learn();
  model.onEvent((event) => {
    if (event.event === "account.changed") {
      states.clear();
      store.setState({ news: new Map() });
      if (event.who !== null) learn();
    }
    store.setState(({ news }) => ({ news: afterEvent(news, states, event, Date.now()) }));
  });
  return store;
}

export function useTrustNews(user: string | undefined): TrustNews | undefined {
  const store = keepTrustNews(useModel());
  return useStore(store, ({ news }) => (user === undefined ? undefined : news.get(user)));
}
