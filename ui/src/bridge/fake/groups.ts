// Groups, people, blocks.
import type { Group, Member, Role } from "../../../../client-core/bindings/chatty.ts";
import { room as make } from "./chats.ts";
import { DONE, refuse, type Params } from "./types.ts";
import type { Person, Room, World } from "./world.ts";

export function member(person: Person, status: Member["status"], role: Role): Member {
  return { user: person.user, handle: person.handle, ...(person.name !== undefined && { name: person.name }), status, role };
}

function group(world: World, id: string): Room {
  const room = world.room(id);
  return room.kind === "group" ? room : refuse("invalid", "That is not a group.");
}

/** A group in which this user may change things. */
function ruled(world: World, id: string): Room {
  world.served();
  const room = group(world, id);
  if (room.members.find((row) => row.user === world.me?.user)?.role !== "admin") refuse("not_allowed");
  return room;
}

function title(text: string): string {
  const short = text.trim();
  const bytes = new TextEncoder().encode(short).length;
  return bytes > 0 && bytes <= 128 ? short : refuse("invalid", "A title has 1 to 128 bytes.");
}

const view = (room: Room): Group => ({ id: room.id, title: room.title, members: room.members });

function told(world: World, room: Room): Group {
  world.tellChat(room);
  return view(room);
}

export function groups(world: World) {
  return {
    "group.create"(params: Params<"group.create">): Group {
      const me = world.live();
      world.served();
      const people = [...new Set(params.people.map((typed) => world.person(typed)))].filter((person) => person.user !== me.user);
      const self = member({ user: me.user, handle: me.handle, state: "known", blocked: false }, "member", "admin");
      const room = make(world, { kind: "group", title: title(params.title), members: [self, ...people.map((person) => member(person, "invited", "member"))] });
      return told(world, room);
    },
    "group.invite"(params: Params<"group.invite">): Group {
      const room = ruled(world, params.chat);
      const people = params.people.map((typed) => world.person(typed)).filter((person) => room.members.every((row) => row.user !== person.user));
      room.members.push(...people.map((person) => member(person, "invited", "member")));
      return told(world, room);
    },
    "group.remove"(params: Params<"group.remove">): Group {
      const room = ruled(world, params.chat);
      const { user } = world.person(params.person);
      if (room.members.every((row) => row.user !== user)) refuse("no_such_person");
      room.members = room.members.filter((row) => row.user !== user);
      return told(world, room);
    },
    "group.set_role"(params: Params<"group.set_role">): Group {
      const room = ruled(world, params.chat);
      const found = room.members.find((row) => row.user === world.person(params.person).user) ?? refuse("not_found");
      found.role = params.role;
      return told(world, room);
    },
    "group.leave"(params: Params<"group.leave">) {
      world.served();
      const room = group(world, params.chat);
      room.members = room.members.filter((row) => row.user !== world.me?.user);
      const heir = params.successor === undefined ? room.members[0] : room.members.find((row) => row.user === world.person(params.successor ?? "").user);
      if (heir !== undefined && room.members.every((row) => row.role !== "admin")) heir.role = "admin";
      room.state = "left";
      world.tellChat(room);
      return DONE;
    },
    "group.members": (params: Params<"group.members">) => world.room(params.chat).members,
    "group.rename"(params: Params<"group.rename">) {
      const room = ruled(world, params.chat);
      room.title = title(params.title);
      world.tellChat(room);
      return DONE;
    },
    // Blocking works at once, also offline; the server learns it later.
    "person.block"(params: Params<"person.block">) {
      world.live();
      world.person(params.person).blocked = true;
      return DONE;
    },
    "person.unblock"(params: Params<"person.unblock">) {
      world.live();
      world.person(params.person).blocked = false;
      return DONE;
    },
    "person.blocked"() {
      return [...world.people.values()].filter((person) => person.blocked).map(({ user, handle }) => ({ user, handle }));
    },
    "person.list"() {
      const me = world.live().user;
      return [...world.people.values()].filter((person) => person.user !== me).map((person) => {
        const chat = [...world.rooms.values()].find((row) => row.with === person.user)?.id;
        return { ...person, ...(chat !== undefined && { chat }) };
      });
    },
    "invite.link"() {
      const me = world.live();
      return { link: `https://chatty.example/i/${me.handle}#${me.user}` };
    },
    "invite.look"(params: { link: string }) {
      world.live();
      const [, origin, handle = "", user = ""] = /^\s*(https?:\/\/[^/]+)\/i\/([^#]+)#(\S+)\s*$/i.exec(params.link) ?? refuse("bad_link");
      if (origin !== "https://chatty.example") refuse("other_server");
      if (user === world.me?.user) refuse("own_link");
      const person = world.person(`@${handle}`);
      return person.user === user ? person : refuse("handle_moved");
    },
    "person.safety"(params: Params<"person.safety">) {
      const person = world.people.get(params.user) ?? refuse("no_such_person");
      const groups = Array.from({ length: 12 }, (_, place) => String((place + 1) * 7919 % 100_000).padStart(5, "0"));
      return { groups, verified: person.state === "verified" || person.state === "verifiedChanged" };
    },
    "person.set_verified"(params: Params<"person.set_verified">) {
      const person = world.people.get(params.user) ?? refuse("no_such_person");
      person.state = params.verified ? "verified" : "known";
      world.tell({ event: "person.changed", user: person.user, state: person.state });
      return person;
    },
    "person.acknowledge"(params: Params<"person.acknowledge">) {
      const person = world.people.get(params.user) ?? refuse("no_such_person");
      if (person.state === "changed" || person.state === "verifiedChanged") person.state = "known";
      world.tell({ event: "person.changed", user: person.user, state: person.state });
      return person;
    },
  };
}
