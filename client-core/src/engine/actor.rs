//! The loop: calls from handles in, answers and events out, until the last handle is gone.

use std::rc::Rc;

use futures::StreamExt;
use futures::future::{FutureExt, LocalBoxFuture};
use futures::stream::FuturesUnordered;

use super::context::Context;
use super::serve::Engine;
use crate::api::{self, Request, RequestReceiver};
use crate::{message, sync};

/// Runs until every handle is dropped or `engine.shutdown` was called.
pub async fn run(context: Rc<Context>, requests: RequestReceiver) {
    let engine = Engine::new(context.clone());
    let mut calls: FuturesUnordered<LocalBoxFuture<'_, ()>> = FuturesUnordered::new();
    let mut background = sync::run(context.clone()).boxed_local().fuse();
    let mut keeping = message::expire::run(context.clone()).boxed_local().fuse();
    let mut stop = context.stopped().boxed_local().fuse();
    loop {
        futures::select_biased! {
            () = stop => break,
            request = requests.recv().fuse() => match request {
                Ok(Request::Call { command, reply }) => calls.push(answer(&engine, command, reply)),
                Ok(Request::Listen { events }) => context.events.listen(events),
                Err(_) => break,
            },
            () = calls.select_next_some() => {}
            () = background => {}
            () = keeping => {}
        }
    }
    // Work in progress is dropped at its next wait: whatever was committed is taken up again at
    // the next start. Only the answer to `engine.shutdown` itself still leaves.
    drop(background);
    while let Some(Some(())) = calls.next().now_or_never() {}
}

fn answer<'a>(
    engine: &'a Engine,
    command: api::Command,
    reply: futures::channel::oneshot::Sender<Result<serde_json::Value, api::ApiError>>,
) -> LocalBoxFuture<'a, ()> {
    async move {
        let result = api::dispatch(engine, command).await;
        // A caller that went away wants no answer.
        let _ = reply.send(result);
    }
    .boxed_local()
}
