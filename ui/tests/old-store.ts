// A browser with a store of the first version, made by the engine itself (client-core/web/src/browser/old_store.rs).
import type { Page } from "@playwright/test";
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { base32 } from "../src/bridge/message-id.ts";
import { setting, World } from "./world.ts";

/** A tagged id of bytes that are all the same. */
function id(tag: number, rest: number): Uint8Array {
  return Uint8Array.from([tag, ...Array<number>(rest).fill(7)]);
}
const hex = (bytes: Uint8Array) => `x'${Buffer.from(bytes).toString("hex")}'`;

const USER = id(1, 32);
/** Whose rows they are. */
export const OWNER = `u${base32(USER)}`;
const DEVICE = id(2, 16);
const CONV = id(3, 32);
const MESSAGE = id(4, 16);

/** Rows as version 1 wrote them; its tables never change any more. */
const ROWS = `
INSERT INTO account VALUES (1, 'http://127.0.0.1:1', ${hex(USER)}, 'ann', NULL, ${hex(DEVICE)}, 'approved', 'full', 1, 1, 0);
INSERT INTO conversation (conv, kind, title, about, state, hidden, stream_head, log_seq, floor, own_seq, own_n, mark_time, read_seq, timer_s, unread, last_at_ms)
VALUES (${hex(CONV)}, 'group', 'Walkers', '', 'open', 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1);
INSERT INTO message (conv, author, device, msg, dev_seq, seq, sort, kind, shown, mine, unread, at_ms, sent_at_ms, state, text, edited, deleted, expires_s)
VALUES (${hex(CONV)}, ${hex(USER)}, ${hex(DEVICE)}, ${hex(MESSAGE)}, 1, 1, 1, 'text', 1, 1, 0, 1, 1, 'sent', 'written by the first version', 0, 0, 0);
`;

/** After `ROWS`: as many messages as that, the oldest is the needle, one a minute up to now. */
export function manyRows(count: number): string {
  const columns = "conv, author, device, msg, dev_seq, seq, sort, kind, shown, mine, unread, at_ms, sent_at_ms, state, text, edited, deleted, expires_s";
  const at = `${Date.now()} - (${count} - i) * 60000`;
  return `${ROWS}
DELETE FROM message;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
INSERT INTO message (${columns})
SELECT ${hex(CONV)}, ${hex(USER)}, ${hex(DEVICE)}, CAST(x'04' || printf('%016d', i) AS BLOB), i, i, i, 'text', 1, 1, 0, ${at}, ${at}, 'sent', 'message ' || i || CASE i WHEN 1 THEN ' is the needle of ' ELSE ' of ' END || ${count}, 0, 0, 0 FROM n;
UPDATE conversation SET stream_head = ${count}, own_seq = ${count}, own_n = ${count}, read_seq = ${count}, last_at_ms = ${Date.now()};
`;
}

const worker = (rows: string) => `
import init, { make_old_store } from "./engine.js";
await init({ module_or_path: new URL("./engine_bg.wasm", import.meta.url) });
postMessage((await make_old_store(1, ${JSON.stringify(rows)})) ?? "made");
`;
const SCRIPT = `
const policy = trustedTypes.createPolicy("chatty-worker", { createScriptURL: (address) => address });
const worker = new Worker(policy.createScriptURL("/old/worker.js"), { type: "module" });
worker.onmessage = ({ data }) => { worker.terminate(); document.title = data; };
`;

/** The build's pages, and beside them one that makes the old store. */
async function pages(rows: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "chatty-old-"));
  await cp(setting("CHATTY_UI_DIST"), folder, { recursive: true });
  const old = join(folder, "old");
  await mkdir(old);
  for (const name of ["engine.js", "engine_bg.wasm"]) await copyFile(join(setting("CHATTY_ENGINE"), name), join(old, name));
  await writeFile(join(old, "worker.js"), worker(rows));
  await writeFile(join(old, "script.js"), SCRIPT);
  await writeFile(join(old, "index.html"), '<!doctype html><title>making</title><script type="module" src="/old/script.js"></script>');
  return folder;
}

export interface OldStore {
  page: Page;
  /** The chat in it. */
  chat: string;
  /** Room for this origin; without a number as much as the browser gives. */
  quota(bytes?: number): Promise<unknown>;
  /** Opens Chatty on it. */
  open(): Promise<unknown>;
}

/** Runs `work` in a browser that holds an old store. */
export async function withOldStore(work: (old: OldStore) => Promise<void>, rows = ROWS): Promise<void> {
  const folder = await pages(rows);
  const world = await World.start(folder);
  try {
    const page = await (await world.browser("ann")).newPage();
    const session = await page.context().newCDPSession(page);
    const quota = (size?: number) => session.send("Storage.overrideQuotaForOrigin", { origin: world.origin, ...(size === undefined ? {} : { quotaSize: size }) });
    await page.goto(`${world.origin}/old/index.html`);
    await page.waitForFunction(() => document.title !== "making");
    const made = await page.title();
    if (made !== "made") throw new Error(`the old store: ${made}`);
    await work({ page, chat: `c${base32(CONV)}`, quota, open: () => page.goto(world.origin) });
  } finally {
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
