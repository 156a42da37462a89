// A real relay, the real `chatty` program and a real browser, all in one folder that goes away.
import { chromium, test as base, type BrowserContext, type Page } from "@playwright/test";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { Client } from "../../client-core/bindings/chatty.ts";
import type { WorkerEngine } from "../src/bridge/client.ts";

declare global {
  var chatty: { engine: WorkerEngine; api: Client };
}

/** Password of every login and passphrase of every home. */
export const WORDS = "correct horse battery staple";

/** What `cargo xtask web test` says, or a person who runs one test. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run \`cargo xtask web test\``);
  return value;
}

/** What one run of `chatty --json` printed: an object per line. */
type Rows = Record<string, unknown>[];

/** A relay process and the origin that it serves. */
async function serve(folder: string, listen: string, pages: string): Promise<[ChildProcess, string]> {
  const relay = spawn(
    join(setting("CHATTY_BIN_DIR"), "chatty-relay"),
    ["serve", "--listen", listen, "--data", join(folder, "relay"), "--ui", pages],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  for await (const line of createInterface({ input: relay.stdout })) {
    const origin = /address for people: (\S+)/.exec(line)?.[1];
    if (origin !== undefined) {
      // What it says later must not block it.
      relay.stdout.resume();
      return [relay, origin];
    }
  }
  throw new Error("the relay ended before it was ready");
}

/** The relay with the browser build, and who uses it. */
export class World {
  readonly origin: string;
  readonly #folder: string;
  #relay: ChildProcess;
  #wasAway = false;
  readonly #browsers: BrowserContext[] = [];
  /** What a page of ours must never do; looked at when the test is over. */
  readonly complaints: string[] = [];

  readonly #pages: string;

  private constructor(folder: string, pages: string, relay: ChildProcess, origin: string) {
    this.#folder = folder;
    this.#pages = pages;
    this.#relay = relay;
    this.origin = origin;
  }

  /** With other pages than the build's when a test brings some. */
  static async start(pages = setting("CHATTY_UI_DIST")): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), "chatty-ui-"));
    const [relay, origin] = await serve(folder, "127.0.0.1:0", pages);
    return new World(folder, pages, relay, origin);
  }

  /** `kill -9`: what is open breaks, and nothing new can be opened. */
  async killRelay(): Promise<void> {
    this.#wasAway = true;
    const ended = new Promise((resolve) => this.#relay.once("exit", resolve));
    this.#relay.kill("SIGKILL");
    await ended;
  }

  /** It takes connections and answers nothing. */
  holdRelay(): void {
    this.#relay.kill("SIGSTOP");
  }

  releaseRelay(): void {
    this.#relay.kill("SIGCONT");
  }

  /** The same relay again, on its data and its port. */
  async startRelayAgain(): Promise<void> {
    [this.#relay] = await serve(this.#folder, new URL(this.origin).host, this.#pages);
  }

  async stop(): Promise<void> {
    for (const browser of this.#browsers) await browser.close();
    await this.killRelay();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Where the browser of that name keeps everything. */
  profile(name: string): string {
    return join(this.#folder, `browser-${name}`);
  }

  /** A browser whose data stay in the folder of that name. */
  async browser(name: string): Promise<BrowserContext> {
    const program = process.env["CHATTY_CHROMIUM"];
    const browser = await chromium.launchPersistentContext(this.profile(name), {
      // Unset where Playwright brought a browser of its own.
      ...(program === undefined ? {} : { executablePath: program }),
    });
    this.#browsers.push(browser);
    browser.on("request", (request) => {
      if (!request.url().startsWith(`${this.origin}/`)) this.complaints.push(`request to ${request.url()}`);
    });
    browser.on("console", (message) => {
      // The browser itself complains of a relay that is not there.
      const expected = this.#wasAway && message.text().includes("net::ERR_CONNECTION");
      if (message.type() === "error" && !expected) this.complaints.push(`console: ${message.text()}`);
    });
    browser.on("weberror", (error) => this.complaints.push(`page: ${error.error().message}`));
    return browser;
  }

  /** A tab with the page; its engine may run, wait or fail. */
  async tab(browser: BrowserContext): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(this.origin);
    return page;
  }

  /** The six digits of the newest mail to an address. */
  async code(email: string): Promise<string> {
    return await this.#fromMail(email, /^\d{6}/m);
  }

  /** What a mail brings to somebody who forgot a password: the one word of that length, alone on its line. */
  async resetToken(email: string): Promise<string> {
    return await this.#fromMail(email, /^[\w-]{43}(?=\r?$)/m);
  }

  /** Waits for a mail to an address that has this. */
  async #fromMail(email: string, what: RegExp): Promise<string> {
    const folder = join(this.#folder, "relay", "mail");
    for (;;) {
      const names = await readdir(folder).catch(() => []);
      for (const name of names) {
        const mail = await readFile(join(folder, name), "utf8");
        const found = what.exec(mail)?.[0];
        if (mail.includes(email) && found !== undefined) return found;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Runs `chatty` in the home of that name. */
  async chatty(name: string, ...words: string[]): Promise<Rows> {
    const program = join(setting("CHATTY_BIN_DIR"), "chatty");
    const home = join(this.#folder, `home-${name}`);
    const running = promisify(execFile)(program, ["--json", "--home", home, ...words], {
      env: { ...process.env, CHATTY_RELAY: this.origin, CHATTY_PASSWORD: WORDS, CHATTY_PASSPHRASE: WORDS },
    });
    // Nobody types anything.
    running.child.stdin?.end();
    const { stdout } = await running;
    return stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Rows[number]);
  }

  /** Signs somebody up with the command line, mail code included. */
  async signUpByCommand(name: string): Promise<void> {
    const email = `${name}@example.org`;
    await this.chatty(name, "signup", "--handle", name, "--email", email);
    await this.chatty(name, "verify-email", await this.code(email));
  }

  /** Signs somebody up in a page, mail code included. */
  async signUpInPage(page: Page, name: string): Promise<string> {
    const email = `${name}@example.org`;
    const signedUp = await page.evaluate(
      ([handle, email, password]) =>
        chatty.api.call("account.sign_up", { relay: location.origin, handle, email, password }),
      [name, email, WORDS] as const,
    );
    const code = await this.code(email);
    await page.evaluate((code) => chatty.api.call("account.verify_email", { code }), code);
    return signedUp.user;
  }
}

export const test = base.extend<{ world: World }>({
  world: async ({}, use) => {
    const world = await World.start();
    try {
      await use(world);
    } finally {
      await world.stop();
    }
    base.expect(world.complaints, "pages ask nobody else for anything and write no errors").toEqual([]);
  },
});
export { expect } from "@playwright/test";

/** Waits until the page's engine is at this stage. */
export async function stage(page: Page, name: "ready" | "waiting" | "failed"): Promise<void> {
  const found = await page.evaluate(
    async (name) => (await chatty.engine.until(name, "failed")) as { name: string; error?: unknown },
    name,
  );
  base.expect(found.name, JSON.stringify(found.error)).toBe(name);
}
