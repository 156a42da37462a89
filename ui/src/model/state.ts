// What a snapshot of the model holds.
import type { Approval, Chat, ChatRequest, Device, Presence, SyncStatus, WhoAmI } from "../../../client-core/bindings/chatty.ts";
import type { Stage } from "../bridge/protocol.ts";
import type { Alarm } from "./alarms.ts";

/** One snapshot; replaced as a whole, so a row that did not change stays the same object. */
export interface State {
  /** Where the engine is. */
  stage: Stage;
  /** The account; `undefined` = not asked yet, `null` = nobody is signed in. */
  who: WhoAmI | null | undefined;
  sync: SyncStatus | undefined;
  /** Whether the browser promised to keep what lies here; `null` = it does not know how. */
  kept: boolean | null | undefined;
  /** Whether the recovery key lies in safety; `undefined` = not known yet. */
  keySaved: boolean | undefined;
  chats: ReadonlyMap<string, Chat>;
  requests: ReadonlyMap<string, ChatRequest>;
  devices: ReadonlyMap<string, Device>;
  approvals: ReadonlyMap<string, Approval>;
  /** Who types, per chat. */
  typing: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether this account shares presence, and who of the chats on the screen is online. */
  presence: Presence;
  /** Warnings, read ones too, oldest first. */
  alarms: readonly Alarm[];
}

export const EMPTY: State = {
  stage: { name: "starting" },
  who: undefined,
  sync: undefined,
  kept: undefined,
  keySaved: undefined,
  chats: new Map(),
  requests: new Map(),
  devices: new Map(),
  approvals: new Map(),
  typing: new Map(),
  presence: { share: false, online: [] },
  alarms: [],
};
