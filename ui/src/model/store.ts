// What the screens show: rows of the engine, kept by id and renewed by its events. The engine is
// the truth; nothing here is saved.
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Chat, ChatRequest, Client, Device, Approval, Event, SyncStatus, WhoAmI } from "../../../client-core/bindings/chatty.ts";
import type { WorkerEngine } from "../bridge/client.ts";
import type { Stage } from "../bridge/protocol.ts";
import { applyAll } from "./apply.ts";

/** One snapshot; replaced as a whole, so a row that did not change stays the same object. */
export interface State {
  /** Where the engine is. */
  stage: Stage;
  /** The account; `undefined` = not asked yet, `null` = nobody is signed in. */
  who: WhoAmI | null | undefined;
  sync: SyncStatus | undefined;
  chats: ReadonlyMap<string, Chat>;
  requests: ReadonlyMap<string, ChatRequest>;
  devices: ReadonlyMap<string, Device>;
  approvals: ReadonlyMap<string, Approval>;
  /** Who types, per chat. */
  typing: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Model {
  readonly api: Client;
  readonly store: StoreApi<State>;
  /** Calls `listener` with every event, after the store has taken it. */
  onEvent(listener: (event: Event) => void): () => void;
  /** The same, with all events of a frame at once. */
  onEvents(listener: (events: readonly Event[]) => void): () => void;
}

export const EMPTY: State = {
  stage: { name: "starting" },
  who: undefined,
  sync: undefined,
  chats: new Map(),
  requests: new Map(),
  devices: new Map(),
  approvals: new Map(),
  typing: new Map(),
};

/** The engine's end that a model needs; the fake of the API has it too. */
export type Engine = Pick<WorkerEngine, "onStage" | "listen">;

export function createModel(engine: Engine, api: Client): Model {
  const store = createStore<State>(() => EMPTY);
  const listeners = new Set<(events: readonly Event[]) => void>();
  function onEvents(listener: (events: readonly Event[]) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
  let waiting: Event[] = [];

  // Many events come at once when a device catches up: they are taken once per frame.
  function take(): void {
    const events = waiting;
    waiting = [];
    store.setState(applyAll(store.getState(), events));
    if (events.some((event) => event.event === "events.lost")) void load(store, api);
    for (const listener of listeners) listener(events);
  }
  engine.listen((event) => {
    if (waiting.push(event) === 1) schedule(take);
  });
  engine.onStage((stage) => {
    store.setState({ stage });
    if (stage.name === "ready") void load(store, api);
  });
  return {
    api,
    store,
    onEvents,
    onEvent: (listener) => onEvents((events) => events.forEach(listener)),
  };
}

/** A hidden page draws no frames, but its title and notifications go on. */
function schedule(work: () => void): void {
  if (document.visibilityState === "visible") requestAnimationFrame(work);
  else setTimeout(work, 0);
}

/** Reads everything that events only change. */
async function load(store: StoreApi<State>, api: Client): Promise<void> {
  const [who, sync] = await Promise.all([api.call("account.who_am_i", {}).catch(() => null), api.call("sync.state", {})]);
  store.setState({ who, sync });
  if (who === null) return;
  const [chats, requests, devices, approvals] = await Promise.all([
    api.call("chat.list", {}),
    api.call("request.list", {}),
    api.call("device.list", {}).catch(() => []),
    api.call("device.approvals", {}).catch(() => []),
  ]);
  store.setState({
    chats: new Map(chats.map((chat) => [chat.id, chat])),
    requests: new Map(requests.map((request) => [request.id, request])),
    devices: new Map(devices.map((device) => [device.id, device])),
    approvals: new Map(approvals.map((approval) => [approval.id, approval])),
  });
}
