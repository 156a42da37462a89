// The people of the mock, for stories and screenshots: every kind of row of a chat list.
import type { FakeOptions } from "./fake.ts";

/** Tuesday 3 March 2026, 12:30 where the clock of the pictures stands. */
export const NOON = Date.UTC(2026, 2, 3, 12, 30);
const MINUTE = 60_000;
const DAY = 86_400_000;

export const sample: NonNullable<FakeOptions["begin"]> = (world, script) => {
  const now = world.now();
  const me = script.signIn("nina", "Nina Vogel");
  const ada = script.person("ada", "Ada Ng", "verified");
  const sam = script.person("sam", "Sam Okafor", "known");
  const bo = script.person("bo", "Bo Lindqvist", "verifiedChanged");
  const cy = script.person("cy", "Cy Marlow", "known");
  const nino = script.person("nino", "ნინო მაისურაძე", "known");
  const laila = script.person("laila", "ليلى حداد", "verified");
  const jorg = script.person("jorg", "Jörg Schöffel-Überacker", "known");
  const muriel = script.person("muriel", "Muriel Sánchez", "new");

  const workshop = script.group("Workshop Tuesday", sam, [me, cy], { flags: { pinned: true, archived: false } });
  script.incoming(workshop, sam, "Agenda for the week is in the pinned message.", { at_ms: now - 3 * DAY });
  workshop.readUpTo = 1;

  const withAda = script.room({ kind: "direct", title: "Ada Ng", with: ada.user, timer: 2_419_200 });
  script.incoming(withAda, ada, "Morning! Printer says the second page is upside down.", { at_ms: now - 29 * MINUTE });
  const lunch = script.incoming(withAda, ada, "Also: lunch? 12:30 at the park, I bring the map 🗺️", { at_ms: now - 28 * MINUTE });
  script.react(withAda, lunch, me, "👍");
  script.outgoing(withAda, "Yes. And I will fix the page.", "read", { at_ms: now - 27 * MINUTE, reply_to: lunch.id });
  script.outgoing(withAda, "Perfect. See you there.", "read", { at_ms: now - 26 * MINUTE });
  script.outgoing(withAda, "Third try at the flyer. Page two is the right way up now.", "failed", { at_ms: now - 22 * MINUTE, reason: "storage_full" });

  const family = script.group("Family", me, [sam, laila, nino]);
  script.incoming(family, laila, "Who brings the cake on Sunday?", { at_ms: now - 50 * MINUTE });
  script.incoming(family, sam, "I can. Chocolate or lemon?", { at_ms: now - 40 * MINUTE });
  script.typing(family, sam);

  const table = script.group("Long Table Project", cy, [me, ada, bo, muriel]);
  for (let count = 0; count < 11; count++) script.incoming(table, bo, `Table ${count + 1} has six seats.`, { at_ms: now - (80 - count) * MINUTE });
  script.incoming(table, cy, "@nina can you check the seating plan?", { at_ms: now - 58 * MINUTE, mentions: [me.user] });

  const withBo = script.room({ kind: "direct", title: "Bo Lindqvist", with: bo.user });
  script.incoming(withBo, bo, "The red ladder is too short.", { at_ms: now - 135 * MINUTE });
  withBo.readUpTo = 1;
  world.drafts.set(withBo.id, { chat: withBo.id, text: "Can you bring the blue ladder?", at_ms: now });

  const garden = script.group("Gartenverein Lindenhof e.V.", jorg, [me, sam], { flags: { pinned: false, archived: false, muted_until_ms: now + 30 * DAY } });
  for (let count = 0; count < 38; count++) script.incoming(garden, jorg, "Die Gießkannenschlüssel hängen wieder am Haken.", { at_ms: now - (200 - count) * MINUTE });

  const withNino = script.room({ kind: "direct", title: "ნინო მაისურაძე", with: nino.user });
  script.incoming(withNino, nino, "ხვალ დილით გნახავ, კარგი?", { at_ms: now - 198 * MINUTE });

  const withLaila = script.room({ kind: "direct", title: "ليلى حداد", with: laila.user });
  script.outgoing(withLaila, "شكرا جزيلا، نلتقي غدا", "read", { at_ms: now - 3 * DAY });

  const withCy = script.room({ kind: "direct", title: "Cy Marlow", with: cy.user });
  script.outgoing(withCy, "🙌🙌", "delivered", { at_ms: now - 4 * DAY });

  script.request(muriel, "Hi, I joined with your link. Is this the right Nina?");
};
