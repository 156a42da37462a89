// Devices, their approval, and the connection.
import type { Approval, Device, Sas } from "../../../../client-core/bindings/chatty.ts";
import { DONE, refuse, type Params } from "./types.ts";
import type { World } from "./world.ts";

/** Seven of the engine's pictures, the same in every story. */
export const SAMPLE_SAS: Sas = {
  emoji: [["🐶", "Dog"], ["🔑", "Key"], ["🌙", "Moon"], ["🌳", "Tree"], ["🔔", "Bell"], ["🚲", "Bicycle"], ["🎁", "Gift"]].map(([symbol = "", name = ""]) => ({ symbol, name })),
  numbers: [4821, 9037, 1156],
};

/** The approval in its new state, told to who listens. */
export function advance(world: World, approval: Approval): Approval {
  world.approvals.set(approval.id, approval);
  world.tell({ event: "approval.changed", approval });
  return approval;
}

export function renew(world: World, device: Device): Device {
  world.devices.set(device.id, device);
  world.tell({ event: "device.changed", device });
  return device;
}

export function devices(world: World) {
  const device = (id: string): Device => world.devices.get(id) ?? refuse("no_such_device", "No such device.");
  return {
    "device.list"() {
      world.signedIn();
      return [...world.devices.values()];
    },
    "device.approve"(params: Params<"device.approve">): Approval {
      world.live();
      world.served();
      const waiting = device(params.device);
      if (waiting.state !== "waiting") refuse("invalid");
      return advance(world, { id: world.id("approval"), device: waiting.id, name: waiting.name, step: "compare", sas: SAMPLE_SAS });
    },
    "device.confirm"(params: Params<"device.confirm">): Approval {
      const approval = world.approvals.get(params.approval) ?? refuse("not_found");
      if (!params.same) {
        advance(world, { ...approval, step: "stopped", reason: "differ" });
        refuse("approval_stopped");
      }
      return advance(world, { ...approval, step: "confirmed" });
    },
    "device.approvals": () => [...world.approvals.values()],
    "device.revoke"(params: Params<"device.revoke">) {
      world.live();
      world.served();
      renew(world, { ...device(params.device), state: "revoked" });
      return DONE;
    },
    "device.rename"(params: Params<"device.rename">) {
      const me = world.signedIn();
      if (params.name.trim() === "" || [...params.name].length > 64) refuse("invalid");
      renew(world, { ...device(params.device ?? me.device), name: params.name.trim() });
      return DONE;
    },
    "sync.state": () => world.status(),
    "sync.retry"(_: Params<"sync.retry">) {
      if (world.link === "serverDown" || world.link === "noInternet") {
        world.link = "connecting";
        world.tell({ event: "sync.changed", status: world.status() });
      }
      return world.status();
    },
    "sync.wait"(_: Params<"sync.wait">) {
      world.signedIn();
      world.served();
      return world.status();
    },
    "sync.flush"(_: Params<"sync.flush">) {
      world.signedIn();
      return { waiting: world.outbox() };
    },
    "engine.shutdown": () => DONE,
  };
}
