// `npm run shots [-- WORD…]`: a picture of every story (whose id has one of the words) in every look, to be looked at, not committed.
// They lie in CHATTY_SHOTS, else in the folder of temporary files.
import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";

const LOOKS = {
  light: "theme:light",
  dark: "theme:dark",
  contrast: "theme:contrast",
  arabic: "theme:light;language:ar",
  pseudo: "theme:light;language:pseudo",
  compact: "theme:light;density:compact",
  large: "theme:light;size:200",
  forced: "theme:light",
} as const;
const NARROW = { width: 390, height: 844 };
const WIDE = { width: 1280, height: 800 };
const PORT = Number(process.env["CHATTY_STORIES_PORT"] ?? 6106);
const place = process.env["CHATTY_SHOTS"] ?? join(tmpdir(), "chatty-shots");
const [words, looks] = [process.argv.slice(2), process.env["CHATTY_LOOKS"]?.split(",")];

interface Index {
  entries: Record<string, { id: string; type: string }>;
}

/** The stories' server, and what ends it. */
async function serve(): Promise<() => void> {
  const server = spawn("storybook", ["dev", "--port", String(PORT), "--ci", "--quiet"], { stdio: "ignore" });
  for (;;) {
    if (server.exitCode !== null) throw new Error("storybook ended; `npm run stories` says why");
    if (await fetch(`http://localhost:${PORT}/index.json`).then((answer) => answer.ok, () => false)) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return () => server.kill();
}

async function take(page: Page, id: string, look: string, globals: string): Promise<void> {
  await page.setViewportSize(look.startsWith("narrow") ? NARROW : WIDE);
  await page.emulateMedia({ forcedColors: look === "forced" ? "active" : "none", colorScheme: look === "forced" ? "dark" : "light" });
  await page.goto(`http://localhost:${PORT}/iframe.html?id=${id}&viewMode=story&globals=${globals}`, { waitUntil: "domcontentloaded" });
  // `finished` comes after the play function; pictures are taken as it leaves the story, also where it looked for English words.
  await page.waitForFunction((id) => (globalThis as unknown as Preview).__STORYBOOK_PREVIEW__?.storyRenders.some((story) => story.id === id && ["finished", "completed", "afterEach", "errored"].includes(story.phase)), id, { timeout: 30_000 });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(place, `${id}.${look}.png`) });
}

interface Preview {
  __STORYBOOK_PREVIEW__?: { storyRenders: { id: string; phase: string }[] };
}

const stop = await serve();
try {
  await mkdir(place, { recursive: true });
  const index = (await (await fetch(`http://localhost:${PORT}/index.json`)).json()) as Index;
  const ids = Object.values(index.entries).filter((entry) => entry.type === "story" && (words.length === 0 || words.some((word) => entry.id.includes(word)))).map((entry) => entry.id);
  const browser = await chromium.launch(process.env["CHATTY_CHROMIUM"] === undefined ? {} : { executablePath: process.env["CHATTY_CHROMIUM"] });
  const chosen = [...Object.entries(LOOKS), ["narrow", "theme:light"], ["narrow-dark", "theme:dark"]].filter(([look]) => looks === undefined || looks.includes(look ?? ""));
  const page = await browser.newPage({ timezoneId: "UTC", reducedMotion: "reduce" });
  const missing: string[] = [];
  for (const id of ids) for (const [look = "", globals = ""] of chosen) await take(page, id, look, globals).catch(() => missing.push(`${id}.${look}`));
  await browser.close();
  console.log(`${ids.length * chosen.length - missing.length} pictures in ${place}`);
  if (missing.length > 0) throw new Error(`not taken: ${missing.join(", ")}`);
} finally {
  stop();
}
