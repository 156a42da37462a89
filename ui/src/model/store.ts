// What the screens show: rows of the engine, kept by id and renewed by its events. The engine is
// the truth; nothing here is saved.
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Client, Event } from "../../../client-core/bindings/chatty.ts";
import type { WorkerEngine } from "../bridge/client.ts";
import type { Remains } from "../bridge/storage.ts";
import { applyAll } from "./apply.ts";
import { Deletions, type Hold } from "./deletions.ts";
import { nowhere } from "./preferences.ts";
import { EMPTY, type State } from "./state.ts";

export { EMPTY, type State };

/** What this device keeps of the account, for the day on which it cannot be opened. */
export interface Home {
  remains(): Promise<Remains>;
  startOver(): Promise<void>;
}

export interface Model {
  readonly api: Client;
  /** None where the shell has no files of its own to remove. */
  readonly home: Home | undefined;
  readonly store: StoreApi<State>;
  /** Messages that are about to be deleted. */
  readonly deletions: Deletions;
  /** Calls `listener` with every event, after the store has taken it. */
  onEvent(listener: (event: Event) => void): () => void;
  /** The same, with all events of a frame at once. */
  onEvents(listener: (events: readonly Event[]) => void): () => void;
}

/** The engine's end that a model needs; the fake of the API has it too. */
export type Engine = Pick<WorkerEngine, "onStage" | "listen">;

export function createModel(engine: Engine, api: Client, home?: Home): Model {
  const store = createStore<State>(() => EMPTY);
  const listeners = new Set<(events: readonly Event[]) => void>();
  function onEvents(listener: (events: readonly Event[]) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
  // An engine that ends in the middle of it says so itself, as its stage.
  const reload = (): void => void load(store, api).catch(() => undefined);
  let waiting: Event[] = [];

  // Many events come at once when a device catches up: they are taken once per frame.
  function take(): void {
    const events = waiting;
    waiting = [];
    store.setState(applyAll(store.getState(), events));
    // Somebody signed in, or so much happened that events were left out.
    const signedIn = events.some((event) => event.event === "account.changed" && event.who?.device_state === "approved");
    if (signedIn || events.some((event) => event.event === "events.lost")) reload();
    // The first words of a request come after it, and no event carries them.
    else if (events.some((event) => asks(store.getState(), event))) void renewRequests(store, api).catch(() => undefined);
    for (const listener of listeners) listener(events);
  }
  engine.listen((event) => {
    if (waiting.push(event) === 1) schedule(take);
  });
  engine.onStage((stage) => {
    store.setState({ stage });
    if (stage.name === "ready") reload();
  });
  return {
    api,
    home,
    store,
    deletions: new Deletions(api, globalThis.localStorage ?? nowhere(), hold),
    onEvents,
    onEvent: (listener) => onEvents((events) => events.forEach(listener)),
  };
}

function asks(state: State, event: Event): boolean {
  if (event.event === "message.added" || event.event === "message.changed") return state.requests.has(event.message.conv);
  return event.event === "chat.changed" && event.chat.state === "request";
}

async function renewRequests(store: StoreApi<State>, api: Client): Promise<void> {
  const requests = await api.call("request.list", {});
  store.setState({ requests: byId(requests) });
}

/** Until this page ends it, or ends itself. */
const hold: Hold = (name, work) => navigator.locks.request(name, work);

/** A hidden page draws no frames, but its title and notifications go on. */
function schedule(work: () => void): void {
  if (document.visibilityState !== "visible") {
    setTimeout(work, 0);
    return;
  }
  // A page that is hidden before the frame comes would hold them until somebody looks at it again.
  const frame = requestAnimationFrame(go);
  document.addEventListener("visibilitychange", go);
  function go(): void {
    cancelAnimationFrame(frame);
    document.removeEventListener("visibilitychange", go);
    work();
  }
}

/** Reads everything that events only change. What is on this device first: the server may be far away. */
async function load(store: StoreApi<State>, api: Client): Promise<void> {
  const [who, sync] = await Promise.all([api.call("account.who_am_i", {}).catch(() => null), api.call("sync.state", {})]);
  if (who === null) return store.setState({ who, sync });
  const [keySaved, chats, requests] = await Promise.all([
    // The key is shown until somebody has said that it is in safety; it goes no further than this line.
    api.call("recovery.show", {}).then(() => false, () => true),
    // A device that waits has none of them.
    api.call("chat.list", {}).catch(() => []),
    api.call("request.list", {}).catch(() => []),
  ]);
  // With the account, so that no screen says that there is nothing before it knows.
  store.setState({ who, sync, keySaved, chats: byId(chats), requests: byId(requests) });
  // Alone and at once: what waited for a slower answer would undo the events that came meanwhile.
  void api.call("presence.get", {}).then((presence) => store.setState({ presence }), () => undefined);
  const [devices, approvals] = await Promise.all([api.call("device.list", {}).catch(() => []), api.call("device.approvals", {}).catch(() => [])]);
  store.setState({ devices: byId(devices), approvals: byId(approvals) });
}

function byId<T extends { id: string }>(rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}
