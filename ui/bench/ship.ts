// `node bench/ship.ts`: what a person downloads and waits for, with the budget beside each figure.
// Exits with 1 where one is over. `cargo xtask bench ui` calls it on a release build.
import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { setting, stage, World } from "../tests/world.ts";

/** Version of npm's lighthouse; without a way to it its scores are left out, and that is said. */
const LIGHTHOUSE = "lighthouse@13.5.0";
const RUNS = 5;

interface Figure {
  name: string;
  value: number;
  unit: string;
  /** At most this; scores: at least this. */
  budget?: number;
  least?: boolean;
}

/** KB of files, gzipped. */
async function gzipped(paths: string[]): Promise<number> {
  const contents = await Promise.all(paths.map((path) => readFile(path)));
  return contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0) / 1000;
}

interface Loaded {
  /** By somebody new, until the welcome stands. */
  welcome: readonly string[];
  /** By somebody who is signed in, with an empty cache, until the list stands. */
  list: readonly string[];
  /** After that, while the page has nothing to do. */
  idle: readonly string[];
}

/** What is loaded until there is something to do, as the browser sees it. */
async function sizes(loaded: Loaded): Promise<Figure[]> {
  const folder = setting("CHATTY_UI_DIST");
  const files = (of: readonly string[], end: string) => of.filter((path) => path.endsWith(end)).map((path) => join(folder, path));
  const [wasm = ""] = (await readdir(join(folder, "assets"))).filter((name) => name.endsWith(".wasm"));
  const packed = await stat(join(folder, "assets", `${wasm}.br`)).then((file) => file.size / 1000, () => Number.NaN);
  return [
    { name: "JS up to the welcome, gzip", value: await gzipped(files(loaded.welcome, ".js")), unit: "KB", budget: 260 },
    { name: "JS up to the chat list, gzip", value: await gzipped(files(loaded.list, ".js")), unit: "KB", budget: 260 },
    { name: "JS of all other screens, when idle, gzip", value: await gzipped(files(loaded.idle, ".js")), unit: "KB" },
    { name: "CSS up to the chat list, gzip", value: await gzipped(files(loaded.list, ".css")), unit: "KB", budget: 30 },
    { name: "engine, WASM", value: (await stat(join(folder, "assets", wasm))).size / 1000, unit: "KB" },
    { name: "engine, WASM in brotli", value: packed, unit: "KB" },
  ];
}

/** From the start of the navigation to the list of chats on the screen, ms. */
async function toList(page: Page): Promise<number> {
  await page.getByRole("heading", { name: "Chats", exact: true }).waitFor();
  return page.evaluate(() => performance.now());
}

function median(all: readonly number[]): number {
  return [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
}

async function times(page: Page): Promise<Figure[]> {
  const session = await page.context().newCDPSession(page);
  const cold: number[] = [];
  const warm: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await session.send("Network.clearBrowserCache");
    await page.reload();
    cold.push(await toList(page));
    await stage(page, "ready");
    await page.reload();
    warm.push(await toList(page));
    await stage(page, "ready");
  }
  return [
    { name: `chat list, empty cache, median of ${RUNS}`, value: median(cold), unit: "ms", budget: 2_500 },
    { name: `chat list, full cache, median of ${RUNS}`, value: median(warm), unit: "ms", budget: 900 },
  ];
}

/** From a call of the page to the row that a bubble is drawn from. */
async function sending(page: Page): Promise<Figure> {
  const all = await page.evaluate(async () => {
    const group = await chatty.api.call("group.create", { title: "Notes", people: [] });
    const taken: number[] = [];
    for (let n = 0; n < 30; n++) {
      const began = performance.now();
      const added = new Promise<void>((resolve) => {
        const stop = chatty.engine.listen((event) => {
          if (event.event !== "message.added") return;
          stop();
          resolve();
        });
      });
      await chatty.api.call("message.send", { chat: group.id, text: `number ${n}` });
      await added;
      taken.push(performance.now() - began);
    }
    return taken;
  });
  return { name: "send to row, median of 30", value: median(all), unit: "ms", budget: 50 };
}

async function lighthouse(origin: string): Promise<Figure[]> {
  const report = join(tmpdir(), `chatty-lighthouse-${process.pid}.json`);
  const flags = "--headless=new --no-sandbox";
  const words = ["exec", "--yes", "--package", LIGHTHOUSE, "--", "lighthouse", origin, "--quiet", "--output=json", `--output-path=${report}`, `--chrome-flags=${flags}`];
  // Whoever runs this may be an npm that was told to stay offline, and would say the same to this one.
  const env = { ...process.env, npm_config_offline: "false", CHROME_PATH: process.env["CHATTY_CHROMIUM"] ?? "" };
  await promisify(execFile)("npm", [...words, "--only-categories=performance,accessibility,best-practices"], { env, timeout: 240_000 });
  const { categories } = JSON.parse(await readFile(report, "utf8")) as { categories: Record<string, { score: number }> };
  const least: Record<string, number> = { performance: 80, accessibility: 100, "best-practices": 95 };
  return Object.entries(categories).map(([name, { score }]) => ({ name: `Lighthouse ${name}`, value: score * 100, unit: "", budget: least[name] ?? 0, least: true }));
}

/** True when it keeps its budget; what could not be measured does not. */
function print({ name, value, unit, budget, least = false }: Figure): boolean {
  const good = budget === undefined || (least ? value >= budget : value <= budget);
  const figure = `${Math.round(value * 10) / 10} ${unit}`.trim();
  const beside = budget === undefined ? "" : `budget ${budget} ${unit}`.trim();
  console.log(`${name.padEnd(42)} ${figure.padStart(12)}   ${beside}${good ? "" : "   OVER"}`);
  return good;
}

const world = await World.start();
let good = true;
try {
  const browser = await world.browser("ann");
  const loaded = new Set<string>();
  browser.on("request", (request) => loaded.add(new URL(request.url()).pathname));
  const page = await world.tab(browser);
  await stage(page, "ready");
  await page.getByRole("button", { name: "Create account" }).waitFor();
  const welcome = [...loaded];
  await world.signUpInPage(page, "ann");
  await page.goto(`${world.origin}/chats`);
  await toList(page);
  await stage(page, "ready");
  // What this page still asks for is not the next one's.
  await page.waitForLoadState("networkidle");
  loaded.clear();
  await page.reload();
  await toList(page);
  await page.waitForLoadState("networkidle");
  // From the chat on all is asked for once the list stands.
  const all = [...loaded];
  const later = all.findIndex((path) => path.includes("/ChatScreen-"));
  const [list, idle] = [all.slice(0, later), all.slice(later)];
  for (const figure of [...(await sizes({ welcome, list, idle })), ...(await times(page)), await sending(page)]) good = print(figure) && good;
  await lighthouse(world.origin).then(
    (figures) => figures.forEach((figure) => (good = print(figure) && good)),
    (error: Error) => console.log(`Lighthouse does not run here: ${error.message.split("\n")[0] ?? ""}`),
  );
} finally {
  await world.stop();
}
process.exitCode = good ? 0 : 1;
