// Accounts, the recovery key and one's own profile.
import type { Device, WhoAmI } from "../../../../client-core/bindings/chatty.ts";
import { DONE, refuse, type Params } from "./types.ts";
import type { World } from "./world.ts";

const HANDLE = /^@?[a-z][a-z0-9_]{2,31}$/;
const WEEK = 7 * 86_400_000;

/** Not one that opens anything: the fake knows no cryptography. */
export const SAMPLE_KEY = "K7QFM 2M9X4 4TRDT W8HCZ 9PVB9 3JNEC 6ZAKW 5YGSR";

function device(world: World, state: Device["state"], name: string): Device {
  return { id: world.id("device"), name, class: "full", platform: "web", state, current: true, created_ms: world.now(), last_seen_ms: world.now() };
}

function enter(world: World, user: string, handle: string, state: Device["state"], name: string): WhoAmI {
  const own = device(world, state, name);
  world.devices.set(own.id, own);
  world.me = { user, handle, device: own.id, class: own.class, device_state: state, verified_email: state !== "approved" };
  world.people.set(user, { user, handle, state: "known", blocked: false });
  world.tell({ event: "account.changed", who: world.me });
  return world.me;
}

/** As typed: any case, spaces and hyphens ignored. */
function symbols(key: string): string {
  return key.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
}

function confirm(world: World, typed: string): void {
  if (world.recoveryKey === null) refuse("recovery_erased");
  const [right, given] = [symbols(world.recoveryKey), symbols(typed)];
  if (given.length !== right.length) refuse("recovery_mismatch", "a recovery key has 40 symbols");
  const place = [...right].findIndex((symbol, index) => symbol !== given[index]);
  if (place >= 0) refuse("recovery_mismatch", "a check symbol is wrong", `Look at group ${Math.floor(place / 5) + 1} again.`);
  world.recoveryKey = null;
}

export function accounts(world: World) {
  return {
    "account.sign_up"(params: Params<"account.sign_up">) {
      const before = world.account;
      if (world.me !== null && before !== null && world.recoveryKey !== null && params.handle === before.handle && params.email === before.email) {
        return { user: world.me.user, handle: world.me.handle, device: world.me.device, recovery_key: world.recoveryKey };
      }
      if (world.me !== null) refuse("already_signed_in");
      world.online();
      const handle = params.handle.replace(/^@/, "").toLowerCase();
      if (!HANDLE.test(handle)) refuse("invalid", "A handle has 3 to 32 small letters, digits or _.");
      if ([...world.people.values()].some((person) => person.handle === handle)) refuse("handle_taken");
      const user = world.id("user");
      world.account = { handle, email: params.email, password: params.password, user };
      world.recoveryKey = SAMPLE_KEY;
      const me = enter(world, user, handle, "approved", params.device_name ?? "Browser");
      return { user, handle, device: me.device, recovery_key: SAMPLE_KEY };
    },
    "account.verify_email"(params: Params<"account.verify_email">) {
      const me = world.signedIn();
      world.online();
      if (!world.codes.includes(params.code)) refuse("code_wrong");
      world.me = { ...me, verified_email: true };
      world.tell({ event: "account.changed", who: world.me });
      return DONE;
    },
    "account.resend_code"() {
      world.signedIn();
      world.online();
      return DONE;
    },
    "account.log_in"(params: Params<"account.log_in">) {
      if (world.me !== null) refuse("already_signed_in");
      world.online();
      const account = world.account;
      const known = account !== null && [account.handle, account.email].includes(params.login.replace(/^@/, ""));
      if (!known || account.password !== params.password) refuse("unauthorised");
      return enter(world, account.user, account.handle, "waiting", params.device_name ?? "Browser");
    },
    "account.log_out"() {
      const me = world.signedIn();
      world.devices.delete(me.device);
      world.me = null;
      world.rooms.clear();
      world.drafts.clear();
      world.tell({ event: "account.changed", who: null });
      return DONE;
    },
    "account.who_am_i": () => world.signedIn(),
    "account.change_password"(params: Params<"account.change_password">) {
      world.signedIn();
      world.online();
      if (world.account?.password !== params.old) refuse("unauthorised");
      world.account = { ...world.account, password: params.new };
      return DONE;
    },
    "account.request_reset"(_: Params<"account.request_reset">) {
      world.online();
      return DONE;
    },
    "account.confirm_reset"(params: Params<"account.confirm_reset">) {
      world.online();
      if (!world.codes.includes(params.token)) refuse("code_expired");
      if (world.account !== null) world.account = { ...world.account, password: params.password };
      return DONE;
    },
    "account.delete"(params: Params<"account.delete">) {
      const me = world.signedIn();
      world.online();
      if (me.device_state === "approved") {
        world.me = null;
        world.tell({ event: "account.changed", who: null });
        return {};
      }
      if (params.password !== world.account?.password) refuse("unauthorised");
      return { due_ms: world.now() + WEEK };
    },
    "account.waits": () => world.waits,
    "account.veto"(params: Params<"account.veto">) {
      const left = world.waits.filter((wait) => wait.kind !== params.kind);
      if (left.length === world.waits.length) refuse("not_found");
      world.waits = left;
      return DONE;
    },
    "recovery.show"() {
      return { recovery_key: world.recoveryKey ?? refuse("recovery_erased") };
    },
    "recovery.confirm"(params: Params<"recovery.confirm">) {
      world.signedIn();
      confirm(world, params.recovery_key);
      return DONE;
    },
    "profile.get"(params: Params<"profile.get">) {
      const me = world.signedIn();
      const person = world.person(params.person ?? me.user);
      const name = person.user === me.user ? world.profileName : person.name;
      return { user: person.user, handle: person.handle, ...(name !== undefined && { name }), state: person.state };
    },
    "profile.set"(params: Params<"profile.set">) {
      const me = world.live();
      const name = params.name.trim();
      if (name === "" || [...name].length > 64) refuse("invalid");
      world.profileName = name;
      return { user: me.user, handle: me.handle, name, state: "known" as const };
    },
  };
}
