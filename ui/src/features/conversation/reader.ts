// What a screen reader says, for tests: a whole list from its first row to its last, or what it hears by itself.
import { virtual } from "@guidepup/virtual-screen-reader";

/** Every phrase, as one moves through from the start to the end. */
export async function readThrough(container: HTMLElement): Promise<string[]> {
  await virtual.start({ container });
  const last = `end of ${await virtual.lastSpokenPhrase()}`;
  // Each element is said twice at most and each text once.
  for (let step = 0; step < container.querySelectorAll("*").length * 3; step++) {
    await virtual.next();
    if ((await virtual.lastSpokenPhrase()) === last) break;
  }
  const said = await virtual.spokenPhraseLog();
  await virtual.stop();
  if (said.at(-1) !== last) throw new Error(`the end was not reached: ${said.at(-1) ?? ""}`);
  return said;
}

/** Listens without moving: `heard` gives what live regions said since, `stop` ends it. */
export async function listenTo(container: HTMLElement): Promise<{ heard(): Promise<string[]>; stop(): Promise<void> }> {
  await virtual.start({ container });
  await virtual.clearSpokenPhraseLog();
  return { heard: () => virtual.spokenPhraseLog(), stop: () => virtual.stop() };
}
