// `node bench/chat.ts`: what a chat of 100,000 messages costs, with the budget of ui.md §2.11 beside
// each figure. Exits with 1 where one is over. `cargo xtask bench ui` calls it.
import { chromium, type CDPSession, type Page } from "@playwright/test";
import { rm } from "node:fs/promises";
import { build, preview } from "vite";
import config, { RESULT } from "./vite.config.ts";

/** Slowed down as the budgets say. */
const SLOWDOWN = 4;
const FRAMES = 300;
const PREPENDS = 8;

interface Figure {
  name: string;
  value: number;
  unit: string;
  budget: number | undefined;
}

type Metrics = Record<string, number>;

async function metrics(cdp: CDPSession): Promise<Metrics> {
  const { metrics: all } = (await cdp.send("Performance.getMetrics")) as { metrics: { name: string; value: number }[] };
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}

/** Scrolls upward by the same step in every frame, as a finger does; gives the longest and most rows seen. */
function scroll(page: Page, frames: number, step: number): Promise<{ rows: number; held: number; intervals: number[] }> {
  return page.evaluate(
    ([frames, step]) =>
      new Promise((resolve) => {
        const scroller = document.querySelector("[data-timeline]") as HTMLElement;
        const seen = { rows: 0, held: 0, intervals: [] as number[] };
        let left = frames;
        let last = performance.now();
        const frame = (now: number): void => {
          seen.intervals.push(now - last);
          last = now;
          seen.rows = Math.max(seen.rows, scroller.querySelectorAll("article").length);
          seen.held = Math.max(seen.held, Number(scroller.dataset["timeline"]));
          scroller.scrollBy(0, -step);
          if (--left > 0) requestAnimationFrame(frame);
          else resolve(seen);
        };
        requestAnimationFrame(frame);
      }),
    [frames, step] as const,
  );
}

/** How far a row on the screen moves, in px, when a page is put above it: the worst of some. */
function drift(page: Page, times: number): Promise<{ worst: number; pages: number }> {
  return page.evaluate(async (times) => {
    const scroller = document.querySelector("[data-timeline]") as HTMLElement;
    const settle = async (): Promise<void> => {
      for (let count = 0; count < 10; count++) await new Promise((resolve) => requestAnimationFrame(resolve));
    };
    let worst = 0;
    let pages = 0;
    for (; pages < times; pages++) {
      const { holdPages } = globalThis as unknown as { holdPages: () => () => void };
      const release = holdPages();
      // The page is asked for here, and comes when everything has found its place.
      scroller.scrollTop = 900;
      await settle();
      const [first, middle] = [scroller.querySelector("article")?.dataset["id"], scroller.getBoundingClientRect().top + 300];
      const row = [...scroller.querySelectorAll<HTMLElement>("article")].find((one) => one.getBoundingClientRect().bottom > middle);
      const place = (): number => row?.getBoundingClientRect().top ?? Number.NaN;
      const [at, top] = [place(), scroller.scrollTop];
      release();
      for (let tries = 0; tries < 100 && scroller.scrollTop - top < 1_000; tries++) await new Promise((resolve) => requestAnimationFrame(resolve));
      await settle();
      if (scroller.scrollTop - top < 1_000 || first === undefined || row?.isConnected !== true) return { worst: Number.NaN, pages };
      worst = Math.max(worst, Math.abs(place() - at));
    }
    return { worst, pages };
  }, times);
}

const percentile = (all: readonly number[], share: number): number => [...all].sort((a, b) => a - b)[Math.floor(all.length * share)] ?? 0;

async function run(page: Page): Promise<Figure[]> {
  const cdp = await page.context().newCDPSession(page);
  // Time of the thread alone: what other programs take from this machine does not count.
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const began = Date.now();
  await page.waitForFunction(() => document.querySelectorAll("article").length > 5);
  const opened = Date.now() - began;
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  const before = await metrics(cdp);
  const seen = await scroll(page, FRAMES, 120);
  const after = await metrics(cdp);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  const script = (((after["ScriptDuration"] ?? 0) - (before["ScriptDuration"] ?? 0)) * 1000) / FRAMES;
  const { worst, pages } = await drift(page, PREPENDS);
  // Five minutes of reading, in short: as many rows as are ever held, several times over.
  await scroll(page, 400, 2_000);
  await cdp.send("HeapProfiler.collectGarbage");
  const heap = ((await metrics(cdp))["JSHeapUsedSize"] ?? 0) / 1e6;
  const held = await page.evaluate(() => Number((document.querySelector("[data-timeline]") as HTMLElement).dataset["timeline"]));
  return [
    { name: "rows held", value: Math.max(seen.held, held), unit: "", budget: 1_100 },
    { name: "rows in the document", value: seen.rows, unit: "", budget: 40 },
    { name: `script per frame at ${SLOWDOWN}x`, value: script, unit: "ms", budget: 8 },
    { name: `drift of ${pages} prepends`, value: worst, unit: "px", budget: 1 },
    // Frames are drawn in software here: told, not judged (ui.md §2.11).
    { name: `frame p95 at ${SLOWDOWN}x, software drawing`, value: percentile(seen.intervals, 0.95), unit: "ms", budget: undefined },
    { name: "page to first rows", value: opened, unit: "ms", budget: undefined },
    // The fake engine and its 100,000 rows lie in the same heap; the real one is a worker.
    { name: "heap with the fake engine", value: heap, unit: "MB", budget: undefined },
  ];
}

await build(config);
const server = await preview({ ...config, preview: { port: 0, host: "127.0.0.1" } });
const program = process.env["CHATTY_CHROMIUM"];
const browser = await chromium.launch(program === undefined ? {} : { executablePath: program });
let over = false;
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(server.resolvedUrls?.local[0] ?? "");
  for (const { name, value, unit, budget } of await run(page)) {
    // What could not be measured is not good.
    const good = budget === undefined || value <= budget;
    over ||= !good;
    const figure = `${Math.round(value * 100) / 100} ${unit}`.trim();
    console.log(`${name.padEnd(42)} ${figure.padStart(12)}   ${budget === undefined ? "" : `budget ${budget} ${unit}`.trim()}${good ? "" : "   OVER"}`);
  }
} finally {
  await browser.close();
  await server.close();
  await rm(RESULT, { recursive: true, force: true });
}
process.exitCode = over ? 1 : 0;
