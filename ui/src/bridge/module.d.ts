// What wasm-bindgen writes beside the compiled engine (client-core/web/src/browser/worker.rs).
declare module "chatty-engine/engine.js" {
  export default function init(options: { module_or_path: URL | string }): Promise<unknown>;
  export function serve(): Promise<void>;
}
declare module "chatty-engine/engine_bg.wasm?url" {
  const address: string;
  export default address;
}
