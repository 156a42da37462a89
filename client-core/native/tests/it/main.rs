//! Integration tests of the native platform: one binary, which is also its own second process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, in its helper functions too"
)]

mod home;
mod kills;
mod network;
mod processes;

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use chatty_core::api::handle::Request;
use chatty_core::api::{ApiError, Command, Done, Handle, LocalCode, Secret};
use chatty_core::platform::Platform;
use chatty_core::store::{Store, StoreError, meta};
use chatty_native::{Engine, Options};
use futures::FutureExt;
use futures::future::LocalBoxFuture;

pub const WORDS: &str = "correct horse battery staple";

pub fn options(home: &Path) -> Options {
    Options {
        home: home.to_owned(),
        relay: None,
        offline: false,
        wait_lock: Duration::ZERO,
        passphrase: Box::new(|| Some(Secret::new(WORDS))),
    }
}

/// Starts the little engine below.
pub async fn start(options: Options) -> Result<Engine, ApiError> {
    chatty_native::start_with(options, small_engine).await
}

/// An engine that counts its calls in the store, tells the count as an error, and ends on
/// shutdown: enough to see that platform, store and thread work.
pub fn small_engine(
    _: Rc<dyn Platform>,
    store: Store,
    _: bool,
) -> (Handle, LocalBoxFuture<'static, ()>) {
    let (handle, requests) = Handle::new();
    let engine = async move {
        while let Ok(request) = requests.recv().await {
            let Request::Call { command, reply } = request else {
                continue;
            };
            if let Command::EngineShutdown(_) = command {
                let _ = reply.send(Ok(serde_json::to_value(Done {}).unwrap()));
                return;
            }
            let counted: Result<u64, StoreError> = store.commit(|tx| {
                let count = meta::number(tx, "calls")?.unwrap_or(0) + 1;
                meta::set_number(tx, "calls", count)?;
                Ok(count)
            });
            let text = counted.map_or_else(|error| error.to_string(), |count| count.to_string());
            let _ = reply.send(Err(ApiError::new(LocalCode::Fault, text)));
        }
    };
    (handle, engine.boxed_local())
}

/// One call to the small engine: how many there were.
pub async fn count(engine: &Engine) -> String {
    let answer = engine
        .handle()
        .call_json("chat.list", serde_json::Value::Null)
        .await;
    answer.unwrap_err().message
}

pub async fn stop(engine: Engine) {
    let shutdown = chatty_core::api::sync::EngineShutdown {};
    engine.handle().call(shutdown).await.unwrap();
    engine.join().await;
}
