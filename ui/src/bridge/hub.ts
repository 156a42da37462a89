// The worker's part of several tabs. One worker of this origin holds the store's lock and runs the
// engine: it leads. The others carry the calls of their pages to it and its events back.
import type { Between, Call, Stage, ToPage } from "./protocol.ts";
import { take, type Held } from "./lock.ts";

/** The lock of the store: whoever holds it may open its files. */
export const STORE_LOCK = "chatty/store";
/** What the workers say among themselves. */
export const CHANNEL = "chatty/tabs";
/** A leader answers within this time, or its tab hangs; its longest single step takes less. */
const PATIENCE_MS = 5_000;

/** In the answer to a call that the end of the engine cut off. */
const STOPPING = '"error":{"code":"stopping"';

/** The engine in this worker. */
export interface Engine {
  /** Runs it; `tell` gets its texts, answers with the number of their call. Ends when it has ended. */
  serve(tell: (text: string, call?: number) => void): Promise<void>;
  hear(text: string): void;
}

export interface Around {
  /** Unique among the tabs. */
  tab: string;
  locks: LockManager;
  channel: BroadcastChannel;
  load(): Promise<Engine>;
  tellPage(told: ToPage): void;
}

export class Hub {
  #around: Around;
  #engine: Engine | null = null;
  #held: Held | null = null;
  /** Who leads, as far as this worker knows. */
  #leader: string | null = null;
  #stage: Stage = { name: "starting" };
  /** Calls of this page that no engine has taken yet. */
  #untaken = new Map<number, Call>();
  /** Calls under way here, by their number in this engine: whose they are. */
  #calls = new Map<number, { tab: string; id: number }>();
  #lastCall = 0;
  #waiting = new AbortController();
  /** The engine ends so that another tab can have it; this page must not take that for its end. */
  #leaving = false;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Around) {
    this.#around = around;
    around.channel.addEventListener("message", (event) => this.#hear((event as MessageEvent<Between>).data));
  }

  /** Leads when this is the only tab, follows else, and takes over when the leader goes. */
  async start(): Promise<void> {
    const { locks } = this.#around;
    const name = `chatty/worker/${this.#around.tab}`;
    await take(locks, name);
    this.#around.tellPage({ alive: name });
    const waiting = take(locks, STORE_LOCK, { signal: this.#waiting.signal });
    this.#ask();
    await this.#lead(await waiting);
  }

  /** A call of this worker's page. */
  call(call: Call): void {
    this.#untaken.set(call.id, call);
    this.#forward(call);
  }

  /** Gives up the engine, or the waiting for it: this page is about to be frozen. */
  letGo(): void {
    this.#leaving = true;
    this.#waiting.abort();
    clearTimeout(this.#silence);
    if (this.#held !== null) this.#toEngine({ id: ++this.#lastCall, method: "engine.shutdown", params: {} });
  }

  async #lead(held: Held | null): Promise<void> {
    if (held === null) return;
    clearTimeout(this.#silence);
    this.#held = held;
    this.#leader = this.#around.tab;
    // Whoever took it away waits for the files: let go of them at once.
    let stolen = false;
    void held.lost.then(() => {
      stolen = true;
      this.letGo();
    });
    this.#enter({ name: "starting" });
    const engine = await this.#around.load();
    this.#engine = engine;
    await engine.serve((text, call) => this.#told(text, call));
    this.#engine = null;
    this.#held = null;
    held.release();
    if (stolen) this.#around.tellPage({ again: true });
  }

  /** What the engine of this worker says. */
  #told(text: string, number?: number): void {
    if (number !== undefined) {
      const whose = this.#calls.get(number);
      this.#calls.delete(number);
      if (whose === undefined) return;
      // Nobody knows how far it came; whoever leads next is asked again, or its page is told.
      if ((this.#leaving || whose.tab !== this.#around.tab) && text.includes(STOPPING)) return;
      if (whose.tab === this.#around.tab) this.#around.tellPage({ text, id: whose.id });
      else this.#say({ leader: this.#around.tab, tab: whose.tab, id: whose.id, text });
      return;
    }
    const told = JSON.parse(text) as { stage?: Stage };
    if (told.stage !== undefined) return this.#enter(told.stage);
    this.#around.tellPage({ text });
    this.#say({ leader: this.#around.tab, event: text });
  }

  /** This worker's engine is at another stage. */
  #enter(stage: Stage): void {
    this.#stage = stage;
    const leaving = this.#leaving && stage.name === "stopped";
    this.#around.tellPage({ stage: leaving ? { name: "starting" } : stage });
    this.#say({ leader: this.#around.tab, stage });
    if (stage.name === "ready") this.#untaken.forEach((call) => this.#forward(call));
  }

  #forward(call: Call): void {
    if (this.#leader === null) return;
    if (this.#leader === this.#around.tab) return this.#take(this.#around.tab, call);
    this.#say({ leader: this.#leader, tab: this.#around.tab, call });
    this.#listenFor(this.#leader);
  }

  /** Gives a call to the engine of this worker. */
  #take(tab: string, call: Call): void {
    // Before the engine runs it would be refused: its page sends it again at `ready`.
    if (this.#engine === null || this.#stage.name === "starting") return;
    const number = ++this.#lastCall;
    this.#calls.set(number, { tab, id: call.id });
    // First the word that it may be done, then the doing.
    if (tab === this.#around.tab) this.#taken(call.id);
    else this.#say({ leader: this.#around.tab, tab, taken: call.id });
    this.#toEngine({ ...call, id: number });
  }

  #taken(id: number): void {
    this.#untaken.delete(id);
    this.#around.tellPage({ taken: id });
  }

  #hear(said: Between): void {
    const own = this.#around.tab;
    if ("ask" in said) {
      if (this.#held !== null) this.#say({ leader: own, stage: this.#stage });
    } else if ("call" in said) {
      if (said.leader === own) this.#take(said.tab, said.call);
    } else if (this.#held !== null || this.#waiting.signal.aborted) {
      // What leaders say is for those who follow.
    } else if ("stage" in said) {
      this.#follow(said.leader, said.stage);
    } else if (said.leader !== this.#leader) {
      // Of a leader that is over.
    } else if ("event" in said) {
      this.#around.tellPage({ text: said.event });
    } else if (said.tab === own) {
      this.#alive();
      if ("taken" in said) this.#taken(said.taken);
      else this.#around.tellPage({ id: said.id, text: said.text });
    }
  }

  #follow(leader: string, stage: Stage): void {
    this.#alive();
    const moved = this.#leader !== null && this.#leader !== leader;
    this.#leader = leader;
    this.#stage = stage;
    // A page that was ready must hear that its calls are with somebody else now.
    if (moved && stage.name === "ready") this.#around.tellPage({ stage: { name: "starting" } });
    // Who leads next says so itself.
    const gone = stage.name === "stopped";
    this.#around.tellPage({ stage: gone ? { name: "starting" } : stage });
    if (stage.name === "ready") this.#untaken.forEach((call) => this.#forward(call));
    if (gone || stage.name === "starting") this.#listenFor(leader);
  }

  #ask(): void {
    this.#say({ ask: "who leads" });
    this.#listenFor(null);
  }

  /** Waits for any word of the leader; one that hangs loses the store. */
  #listenFor(leader: string | null): void {
    if (this.#silence !== undefined || this.#held !== null) return;
    this.#silence = setTimeout(() => {
      this.#silence = undefined;
      if (this.#held !== null || this.#waiting.signal.aborted) return;
      this.#around.tellPage({ stage: { name: "waiting" } });
      this.#say({ ask: "who leads" });
      this.#silence = setTimeout(() => void this.#steal(leader), PATIENCE_MS);
    }, PATIENCE_MS);
  }

  #alive(): void {
    clearTimeout(this.#silence);
    this.#silence = undefined;
  }

  async #steal(from: string | null): Promise<void> {
    if (this.#held !== null || this.#waiting.signal.aborted || (from !== null && from !== this.#leader)) return;
    // Only one of the followers at a time.
    const turn = await take(this.#around.locks, `${STORE_LOCK}/steal`);
    if (turn === null) return;
    if (this.#held === null && (from === null || from === this.#leader)) {
      this.#waiting.abort();
      this.#waiting = new AbortController();
      void this.#lead(await take(this.#around.locks, STORE_LOCK, { steal: true }));
    }
    turn.release();
  }

  #toEngine(call: Call): void {
    this.#engine?.hear(JSON.stringify(call));
  }

  #say(said: Between): void {
    this.#around.channel.postMessage(said);
  }
}
