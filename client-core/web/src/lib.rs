//! The engine in a browser: a WASM module inside a dedicated worker.
//!
//! [`browser::worker`] is the way in, called when this tab's worker has the store's lock
//! (`ui/src/bridge/hub.ts`): it opens the vault (IndexedDB, WebCrypto) and the database (SQLCipher
//! over the origin private file system), starts the engine, and carries the one API as texts. What
//! needs no browser, the messages themselves and two small formats, is outside of [`browser`] and
//! tested natively.

pub mod epoch;
pub mod label;
pub mod wire;

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod browser;
