// Chats for stories: what the mock shows, and every state that a message or a chat can have.
import type { ChatState, Message, MessageState } from "../../../../client-core/bindings/chatty.ts";
import type { FakeOptions } from "../../bridge/fake/fake.ts";

type Begin = NonNullable<FakeOptions["begin"]>;
const MINUTE = 60_000;
const DAY = 86_400_000;

export const direct: Begin = (world, script) => {
  const now = world.now();
  const me = script.signIn("nina", "Nina Vogel");
  const ada = script.person("ada", "Ada Ng", "verified");
  const room = script.room({ kind: "direct", title: "Ada Ng", with: ada.user, timer: 0 });
  const at = (minutes: number): { at_ms: number } => ({ at_ms: now - minutes * MINUTE });
  script.incoming(room, ada, "Found this for the street dinner. https://streets.example/long-tables", at(2 * 1440 + 70));
  const rented = script.incoming(room, ada, "They rented nothing. Every table came out of a kitchen.", at(2 * 1440 + 69));
  script.react(room, rented, me, "👏");
  script.react(room, rented, ada, "👏");
  script.outgoing(room, "Love it. We have four tables if Bo lends us his.", "read", at(2 * 1440 + 65));
  const table = script.outgoing(room, "Saturday in five pictures. The last one is the table, found it 🎉", "read", at(1440 + 20));
  script.react(room, table, ada, "😍");
  script.incoming(room, ada, "That table is two metres sixty. It seats ten if nobody has elbows.", { ...at(1440 + 12), edited: true, reply_to: table.id });
  const gone = script.outgoing(room, "oops", "read", at(1440 + 11));
  script.change(room, gone, { text: null, deleted: true });
  script.incoming(room, ada, "Can you turn the flyer into A5? I always forget the command.", at(1440 + 8));
  script.incoming(room, ada, "🙏", at(1440 + 7));
  script.outgoing(room, "This one, run it in the folder with both PDFs.", "read", { ...at(1440 + 2), expires_at_ms: now + 4 * 3_600_000 });
  room.readUpTo = room.messages.length;
  script.incoming(room, ada, null, { ...at(35), state: "keyComing" });
  script.incoming(room, ada, "Morning! Printer says the second page is upside down.", at(29));
  const lunch = script.incoming(room, ada, "Also: lunch? 12:30 at the park, I bring the map 🗺️", at(28));
  const read = room.readUpTo;
  script.react(room, lunch, me, "👍");
  script.outgoing(room, "Yes. And I will fix the page.", "read", { ...at(27), reply_to: lunch.id });
  script.outgoing(room, "Perfect. See you there.", "read", at(26));
  script.outgoing(room, "Third try at the flyer. Page two is the right way up now.", "failed", { ...at(18), reason: "storage_full" });
  room.readUpTo = read;
  setTimeout(() => script.typing(room, ada), 300);
};

export const online: Begin = (world, script) => {
  direct(world, script);
  world.sharesPresence = true;
  script.online(script.person("ada", "Ada Ng", "verified"));
};

export const group: Begin = (world, script) => {
  const now = world.now();
  const me = script.signIn("nina", "Nina Vogel");
  const [cy, bo, laila] = [script.person("cy", "Cy Marlow", "known"), script.person("bo", "Bo Lindqvist", "known"), script.person("laila", "ليلى حداد", "verified")];
  const room = script.group("Long Table Project", cy, [me, bo, laila]);
  const at = (minutes: number): { at_ms: number } => ({ at_ms: now - minutes * MINUTE });
  script.incoming(room, bo, "Table 1 has six seats.", at(60));
  script.incoming(room, bo, "Table 2 has eight, if the bench holds. It is the long one from the school with the three legs on one side, and it needs two people to carry it.", at(59));
  const arabic = script.incoming(room, laila, "سأحضر الخريطة والطاولة الكبيرة", at(50));
  script.react(room, arabic, cy, "🎉");
  script.incoming(room, cy, "@nina can you check the seating plan?", { ...at(40), mentions: [me.user] });
  script.outgoing(room, "On it.", "read", at(38));
  script.incoming(room, bo, "I left before?", { ...at(20), older_membership: laila.user });
  script.incoming(room, bo, "Who wrote this?", { ...at(19), reason: "cloned" });
  script.outgoing(room, "Let me ask.", "delivered", at(10));
  room.readUpTo = room.messages.length;
};

export const arabic: Begin = (world, script) => {
  const now = world.now();
  const me = script.signIn("nina", "نينا");
  const laila = script.person("laila", "ليلى حداد", "verified");
  const room = script.room({ kind: "direct", title: "ليلى حداد", with: laila.user });
  const lunch = script.incoming(room, laila, "وأيضًا: غداء؟ 12:30 في الحديقة، وسأحضر الخريطة 🗺️", { at_ms: now - 30 * MINUTE });
  script.react(room, lunch, me, "👍");
  script.outgoing(room, "نعم، وسأصلح الصفحة. الملف اسمه flyer-a5.pdf على سطح المكتب.", "read", { at_ms: now - 26 * MINUTE, reply_to: lunch.id });
  script.outgoing(room, "The English version is ready too, see streets.example", "read", { at_ms: now - 25 * MINUTE });
  script.incoming(room, laila, null, { at_ms: now - 10 * MINUTE, state: "keyComing" });
  script.outgoing(room, "عدّلت الملصق، الصفحة الثانية صحيحة الآن.", "failed", { at_ms: now - 2 * MINUTE });
  room.readUpTo = room.messages.length;
};

const HIDDEN: { state: MessageState; reason?: string }[] = [
  { state: "beforeLink" }, { state: "beforeJoin" }, { state: "keyComing" }, { state: "keyLate" }, { state: "keyLost" },
  { state: "keyLost", reason: "withheld: for verified people only" }, { state: "needsUpdate" }, { state: "unsupported" }, { state: "logMismatch" },
];

export const cannotRead: Begin = (world, script) => {
  const now = world.now();
  script.signIn("nina", "Nina Vogel");
  const ada = script.person("ada", "Ada Ng", "verified");
  const room = script.room({ kind: "direct", title: "Ada Ng", with: ada.user });
  HIDDEN.forEach((more, index) => script.incoming(room, ada, null, { ...more, at_ms: now - (90 - index * 6) * MINUTE }));
  room.readUpTo = room.messages.length;
  setTimeout(() => world.tell({ event: "message.missing", chat: room.id, user: ada.user, count: 2, expired: false }), 200);
};

export const ladder: Begin = (world, script) => {
  const now = world.now();
  script.signIn("nina", "Nina Vogel");
  const ada = script.person("ada", "Ada Ng", "verified");
  const room = script.room({ kind: "direct", title: "Ada Ng", with: ada.user });
  const steps: Message["state"][] = ["read", "delivered", "sent", "failed", "waiting"];
  steps.forEach((state, index) => script.outgoing(room, `This one is ${state}.`, state, { at_ms: now - (50 - index * 6) * MINUTE }));
};

export const empty: Begin = (_world, script) => {
  script.signIn("nina", "Nina Vogel");
  const muriel = script.person("muriel", "Muriel Sánchez", "known");
  script.room({ kind: "direct", title: "Muriel Sánchez", with: muriel.user });
};

/** A chat where one cannot write. */
export const closed = (state: ChatState, reason?: string): Begin => (world, script) => {
  const me = script.signIn("nina", "Nina Vogel");
  const cy = script.person("cy", "Cy Marlow", "known");
  const room = script.group("Long Table Project", cy, [me], { state, ...(reason !== undefined && { reason }) });
  script.incoming(room, cy, "See you all on Sunday.", { at_ms: world.now() - DAY });
  room.readUpTo = 1;
};

export const blocked: Begin = (world, script) => {
  script.signIn("nina", "Nina Vogel");
  const bo = script.person("bo", "Bo Lindqvist", "known");
  bo.blocked = true;
  const room = script.room({ kind: "direct", title: "Bo Lindqvist", with: bo.user });
  script.incoming(room, bo, "The red ladder is too short.", { at_ms: world.now() - DAY });
};

export const changed: Begin = (world, script) => {
  script.signIn("nina", "Nina Vogel");
  const bo = script.person("bo", "Bo Lindqvist", "verifiedChanged");
  const room = script.room({ kind: "direct", title: "Bo Lindqvist", with: bo.user });
  script.incoming(room, bo, "The red ladder is too short.", { at_ms: world.now() - DAY });
};
