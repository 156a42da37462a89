// The dedicated worker: it stands between its page, the other tabs and the compiled engine (hub.ts).
import address from "chatty-engine/engine_bg.wasm?url";
import init, { hear, serve } from "chatty-engine/engine.js";
import { CHANNEL, Hub } from "./hub.ts";
import { broken, type ToPage, type ToWorker } from "./protocol.ts";

const tellPage = (told: ToPage) => self.postMessage(told);

// A trap in the module ends in one of these; the page must not wait for answers any more.
const report = () => tellPage({ stage: { name: "failed", error: broken("the engine broke") } });
self.addEventListener("error", report);
self.addEventListener("unhandledrejection", report);

// Compiled while it comes in, also where another tab leads: this one may be next at any time.
const module = WebAssembly.compileStreaming(fetch(new URL(address, import.meta.url)));

const hub = new Hub({
  tab: crypto.randomUUID(),
  locks: navigator.locks,
  channel: new BroadcastChannel(CHANNEL),
  tellPage,
  async load() {
    await init({ module_or_path: await module });
    return { serve, hear };
  },
});
self.addEventListener("message", (message: MessageEvent<ToWorker>) => {
  if ("call" in message.data) hub.call(message.data.call);
  else hub.letGo();
});
await hub.start();
