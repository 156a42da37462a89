// A Firefox of the machine, driven by WebDriver BiDi, which it speaks itself: Playwright wants one that it built.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** `CHATTY_FIREFOX`, or the one in the path. */
export function firefoxHere(): string | undefined {
  const named = process.env["CHATTY_FIREFOX"];
  if (named !== undefined) return named;
  for (const name of ["firefox", "firefox-esr"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {
      // Not this one.
    }
  }
  return undefined;
}

/** Its answers are JSON; only what is used is named. */
interface Answer {
  id?: number;
  result?: { context?: string; contexts?: { context: string }[]; type?: string; result?: { value?: string }; exceptionDetails?: { text: string } };
  message?: string;
}

export class Firefox {
  readonly #program: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { take: (result: NonNullable<Answer["result"]>) => void; refuse: (error: Error) => void }>();
  #calls = 0;
  #page = "";

  private constructor(program: ChildProcess, profile: string, socket: WebSocket) {
    this.#program = program;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      const waiting = this.#waiting.get(answer.id ?? 0);
      if (answer.result !== undefined) waiting?.take(answer.result);
      else waiting?.refuse(new Error(answer.message ?? String(data)));
    });
  }

  static async start(program: string): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), "chatty-firefox-"));
    const running = spawn(program, ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
    for await (const line of createInterface({ input: running.stderr })) {
      const address = /WebDriver BiDi listening on (ws:\S+)/.exec(line)?.[1];
      if (address === undefined) continue;
      running.stderr.resume();
      const socket = new WebSocket(`${address}/session`);
      await new Promise((resolve, reject) => {
        socket.addEventListener("open", resolve, { once: true });
        socket.addEventListener("error", reject, { once: true });
      });
      const firefox = new Firefox(running, profile, socket);
      await firefox.#call("session.new", { capabilities: {} });
      firefox.#page = (await firefox.#call("browsingContext.getTree", {})).contexts?.[0]?.context ?? "";
      return firefox;
    }
    throw new Error("Firefox ended before it was ready");
  }

  #call(method: string, params: object): Promise<NonNullable<Answer["result"]>> {
    const id = ++this.#calls;
    return new Promise((take, refuse) => {
      this.#waiting.set(id, { take, refuse });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  async open(url: string): Promise<void> {
    await this.#call("browsingContext.navigate", { context: this.#page, url, wait: "complete" });
  }

  /** Runs a function in the page and brings back what it gives. */
  async evaluate<G extends readonly unknown[], R>(work: (...given: G) => R | Promise<R>, ...given: G): Promise<R> {
    const expression = `(async () => JSON.stringify((await (${work.toString()})(...${JSON.stringify(given)})) ?? null))()`;
    const answer = await this.#call("script.evaluate", { expression, awaitPromise: true, target: { context: this.#page } });
    if (answer.exceptionDetails !== undefined) throw new Error(answer.exceptionDetails.text);
    return JSON.parse(answer.result?.value ?? "null") as R;
  }

  /** Clicks the button with these words. */
  async press(words: string): Promise<void> {
    const [x, y] = await this.evaluate((words) => {
      const button = [...document.querySelectorAll<HTMLElement>("button")].find((one) => one.textContent?.trim() === words);
      if (button === undefined) throw new Error(`no button ${words}`);
      button.scrollIntoView({ block: "center" });
      const { left, top, width, height } = button.getBoundingClientRect();
      return [Math.round(left + width / 2), Math.round(top + height / 2)] as const;
    }, words);
    const actions = [{ type: "pointerMove", x, y }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }];
    await this.#call("input.performActions", { context: this.#page, actions: [{ type: "pointer", id: "mouse", actions }] });
  }

  /** Keys, one after the other, where the focus is. */
  async type(text: string): Promise<void> {
    const actions = [...text].flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    await this.#call("input.performActions", { context: this.#page, actions: [{ type: "key", id: "keys", actions }] });
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#program.once("exit", resolve));
    this.#socket.close();
    this.#program.kill();
    await ended;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
