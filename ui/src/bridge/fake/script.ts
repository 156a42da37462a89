// What others do to a fake engine: people write, devices ask, the connection goes.
import type { AlarmKind, Approval, ContactState, Device, LinkState, Message } from "../../../../client-core/bindings/chatty.ts";
import { requestRow, room as make } from "./chats.ts";
import { advance, renew, SAMPLE_SAS } from "./devices.ts";
import { member } from "./groups.ts";
import { add, change, post, reacted, written } from "./messages.ts";
import type { Person, Room, World } from "./world.ts";

export class Script {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Somebody whom the server knows. */
  person(handle: string, name?: string, state: ContactState = "new"): Person {
    const person: Person = { user: `user-${handle}`, handle, state, blocked: false, ...(name !== undefined && { name }) };
    this.#world.people.set(person.user, person);
    return person;
  }

  /** This user, signed in with one full device, without a way through sign-up. */
  signIn(handle: string, name?: string, device = "This browser"): Person {
    const world = this.#world;
    const me = this.person(handle, name, "known");
    const own: Device = { id: `${me.user}-device`, name: device, class: "full", platform: "web", state: "approved", current: true, created_ms: world.now(), last_seen_ms: world.now() };
    world.devices.set(own.id, own);
    world.account = { handle, email: `${handle}@chatty.example`, password: "correct horse battery staple", user: me.user };
    world.profileName = name;
    world.me = { user: me.user, handle, device: own.id, class: "full", device_state: "approved", verified_email: true };
    world.tell({ event: "account.changed", who: world.me });
    return me;
  }

  /** A conversation that is there already. */
  room(fields: Parameters<typeof make>[1]): Room {
    const made = make(this.#world, fields);
    this.#world.tellChat(made);
    return made;
  }

  group(title: string, admin: Person, others: readonly Person[], fields: Partial<Room> = {}): Room {
    return this.room({ kind: "group", title, members: [member(admin, "member", "admin"), ...others.map((person) => member(person, "member", "member"))], ...fields });
  }

  /** A message of somebody arrives. */
  incoming(room: Room, from: Person, text: string | null, more: Partial<Message> = {}): Message {
    const message = written(this.#world, room, from.user, text, { seq: this.#world.seq(), state: "delivered", ...more });
    add(this.#world, room, message);
    return message;
  }

  /** A message that this user wrote earlier. */
  outgoing(room: Room, text: string, state: Message["state"] = "read", more: Partial<Message> = {}): Message {
    const sent = state !== "waiting" && state !== "failed" && state !== "draft";
    const message = written(this.#world, room, this.#world.live().user, text, { seq: sent ? this.#world.seq() : null, state, ...more });
    add(this.#world, room, message);
    room.readUpTo = room.messages.length;
    return message;
  }

  /** A message gets on: delivered, read, failed, its key arrives. */
  change(room: Room, message: Message, fields: Partial<Message>): void {
    change(this.#world, room, message, fields);
  }

  react(room: Room, message: Message, by: Person, emoji: string): void {
    change(this.#world, room, message, { reactions: reacted(message.reactions, by.user, emoji) });
  }

  typing(room: Room, who: Person, typing = true): void {
    this.#world.tell({ event: "chat.typing", chat: room.id, user: who.user, typing });
  }

  /** Somebody who shares presence comes or goes. */
  online(who: Person, here = true): void {
    if (here) this.#world.present.add(who.user);
    else this.#world.present.delete(who.user);
    this.#world.tellPresence();
  }

  /** A stranger writes. */
  request(from: Person, text: string, more: Partial<Room> = {}): Room {
    const made = make(this.#world, { kind: "direct", title: from.name ?? `@${from.handle}`, with: from.user, from: from.user, state: "request", ...more });
    made.messages.push(written(this.#world, made, from.user, text, { seq: this.#world.seq(), state: "delivered" }));
    this.#world.tell({ event: "request.added", request: requestRow(made) });
    return made;
  }

  /** The connection changes; back online, what waits leaves. */
  connection(link: LinkState): void {
    const world = this.#world;
    world.link = link;
    world.tell({ event: "sync.changed", status: world.status() });
    world.tellPresence();
    if (link === "online") world.rooms.forEach((room) => post(world, room));
  }

  trust(person: Person, state: ContactState): void {
    person.state = state;
    this.#world.tell({ event: "person.changed", user: person.user, state });
  }

  /** Something that must not be overlooked. */
  alarm(kind: AlarmKind, person?: Person): void {
    this.#world.tell({ event: "alarm", kind, ...(person && { user: person.user }) });
  }

  /** This browser beside a native device. */
  limited(): void {
    const world = this.#world;
    if (world.me === null) return;
    world.me = { ...world.me, class: "limited" };
    const own = [...world.devices.values()].find((one) => one.current);
    if (own === undefined) return;
    renew(world, { ...own, class: "limited" });
    renew(world, { ...own, id: world.id("device"), name: "Laptop", class: "full", platform: "linux", current: false });
  }

  /** A new device signed in and waits. */
  deviceWaits(name: string, platform = "android"): Device {
    const world = this.#world;
    return renew(world, { id: world.id("device"), name, class: "full", platform, state: "waiting", current: false, created_ms: world.now(), last_seen_ms: world.now() });
  }

  /** The other side of an approval acts: it shows pictures, agrees, or stops. */
  approval(step: Approval["step"], device: Device, before?: Approval): Approval {
    const world = this.#world;
    const id = before?.id ?? world.id("approval");
    const sas = step === "waiting" || step === "stopped" ? {} : { sas: SAMPLE_SAS };
    const next = advance(world, { id, device: device.id, name: device.name, step, ...sas, ...(step === "stopped" && { reason: "differ" }) });
    if (step === "done") renew(world, { ...device, state: "approved" });
    return next;
  }
}
