// The dedicated worker: it loads the compiled engine and runs it. Everything else is in Rust.
import address from "chatty-engine/engine_bg.wasm?url";
import init, { serve } from "chatty-engine/engine.js";
import { broken, type Told } from "./protocol.ts";

// A trap in the module ends in one of these; the page must not wait for answers any more.
function report(): void {
  const told: Told = { stage: { name: "failed", error: broken("the engine broke") } };
  self.postMessage(JSON.stringify(told));
}
self.addEventListener("error", report);
self.addEventListener("unhandledrejection", report);

await init({ module_or_path: new URL(address, import.meta.url) });
await serve();
