//! The engine: one actor that owns store, crypto and connection.
//!
//! A shell opens the store, calls [`start`], runs the future on one thread, and holds the
//! [`Handle`]. Calls run beside each other as futures of that thread; each thing that happens is
//! one *input* ([`Context::input`]): crypto rows and rows of ours in one durable transaction,
//! before any byte that depends on it leaves.

mod actor;
mod bell;
mod context;
mod events;
mod fault;
mod serve;
mod work;

use std::rc::Rc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;

use crate::api::Handle;
use crate::platform::Platform;
use crate::store::Store;

pub use bell::{Bell, breathe};
pub use context::{Context, Options};
pub use fault::{Fault, is_passing};
pub use work::{Batch, Work};

/// Makes an engine. Run the future on the thread that may use `platform`; it ends when the last
/// handle is dropped or after `engine.shutdown`, with everything committed.
pub fn start(
    platform: Rc<dyn Platform>,
    store: Store,
    options: Options,
) -> (Handle, LocalBoxFuture<'static, ()>) {
    let (handle, requests) = Handle::new();
    let context = Rc::new(Context::new(platform, store, options));
    (handle, actor::run(context, requests).boxed_local())
}
