//! The loop: calls from handles in, answers and events out, until the last handle is gone.

use std::rc::Rc;

use chatty_crypto::megolm;
use futures::StreamExt;
use futures::future::{FutureExt, LocalBoxFuture};
use futures::stream::FuturesUnordered;

use super::context::Context;
use super::fault::Fault;
use super::serve::Engine;
use crate::api::events::AlarmKind;
use crate::api::{self, Event, Request, RequestReceiver};
use crate::store::meta;
use crate::{message, sync};

/// Runs until every handle is dropped or `engine.shutdown` was called.
pub async fn run(context: Rc<Context>, requests: RequestReceiver) {
    let requests = Unanswered(requests);
    let engine = Engine::new(context.clone());
    let mut calls: FuturesUnordered<LocalBoxFuture<'_, ()>> = FuturesUnordered::new();
    let take = |request, calls: &mut FuturesUnordered<_>| match request {
        Request::Call { command, reply } => calls.push(answer(&engine, command, reply)),
        Request::Listen { events } => context.events.listen(events),
    };
    // Who listens already hears what was found at the start.
    while let Ok(request) = requests.0.try_recv() {
        take(request, &mut calls);
    }
    if let Err(fault) = wake_up(&context) {
        // Sending now could use a key twice; callers hear that the engine has stopped.
        tracing::error!(%fault, "the store was put back and cannot be made safe");
        return;
    }
    let mut background = sync::run(context.clone()).boxed_local().fuse();
    let mut keeping = message::expire::run(context.clone()).boxed_local().fuse();
    let mut stop = context.stopped().boxed_local().fuse();
    loop {
        futures::select_biased! {
            () = stop => break,
            request = requests.0.recv().fuse() => match request {
                Ok(request) => take(request, &mut calls),
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

/// A store that was put back from a copy must not use a key twice: every conversation gets a new
/// generation before the next message (protocol.md §19).
fn wake_up(context: &Context) -> Result<(), Fault> {
    if !context.was_restored() {
        return Ok(());
    }
    context.input(|work| {
        megolm::retire_all(&mut work.crypto)?;
        meta::set_number(work.db, meta::RESTORED, 0)?;
        work.tell(Event::Alarm {
            kind: AlarmKind::Restored,
            chat: None,
            user: None,
        });
        Ok(())
    })
}

/// Calls that wait. When the engine ends, however it does, they end with it: a reply that is
/// dropped says so, one that lies in the channel would be waited for without end.
struct Unanswered(RequestReceiver);

impl Drop for Unanswered {
    fn drop(&mut self) {
        self.0.close();
        while self.0.try_recv().is_ok() {}
    }
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
