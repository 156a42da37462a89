// What wasm-bindgen writes beside the compiled engine (client-core/web/src/browser/worker.rs).
declare module "chatty-engine/engine.js" {
  export default function init(options: { module_or_path: URL | string | WebAssembly.Module }): Promise<unknown>;
  export function serve(tell: (text: string, call?: number) => void): Promise<void>;
  export function hear(text: string): void;
}
declare module "chatty-engine/engine_bg.wasm?url" {
  const address: string;
  export default address;
}
