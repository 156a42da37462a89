//! `rpc`: the whole API as JSON lines, for bots and other programs.
//!
//! In: `{"id": any, "method": "…", "params": {…}}`. Out: `{"id", "result"}` or `{"id", "error"}`
//! in the order of completion, and events as `{"event": …}`.

use std::rc::Rc;

use crate::api::{ApiError, Handle, LocalCode};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::task::LocalSet;

use crate::args::Args;
use crate::exit::Exit;
use crate::output::Output;
use crate::visit::{Need, Visit};

/// Bytes of one line; longer ones are refused without being read as JSON.
const LINE_BYTES: usize = 1024 * 1024;

/// One call.
#[derive(Deserialize)]
struct Call {
    id: Value,
    method: String,
    #[serde(default)]
    params: Value,
}

/// Serves until stdin ends, then lets running calls finish.
pub async fn run(args: &Args, output: &Output) -> Result<Exit, ApiError> {
    let visit = Visit::open(args, output, Need::Nothing).await?;
    let output = Rc::new(Output::new(true));
    let tasks = LocalSet::new();
    let events = visit.handle.listen().await?;
    let printer = Rc::clone(&output);
    let following = tasks.spawn_local(async move {
        while let Ok(event) = events.recv().await {
            printer.object(&event);
        }
    });
    let handle = visit.handle.clone();
    tasks.run_until(serve(handle, output)).await;
    following.abort();
    visit.close().await;
    Ok(Exit::Done)
}

async fn serve(handle: Handle, output: Rc<Output>) {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut calls = Vec::new();
    while let Ok(Some(line)) = lines.next_line().await {
        if line.trim().is_empty() {
            continue;
        }
        let (handle, output) = (handle.clone(), Rc::clone(&output));
        calls.push(tokio::task::spawn_local(async move {
            output.object(&answer(&handle, &line).await);
        }));
        calls.retain(|call| !call.is_finished());
    }
    for call in calls {
        let _finished = call.await;
    }
}

async fn answer(handle: &Handle, line: &str) -> Value {
    if line.len() > LINE_BYTES {
        let error = ApiError::new(LocalCode::Invalid, "the line is too long");
        return json!({ "id": null, "error": error });
    }
    match serde_json::from_str::<Call>(line) {
        Ok(call) => match handle.call_json(&call.method, call.params).await {
            Ok(result) => json!({ "id": call.id, "result": result }),
            Err(error) => json!({ "id": call.id, "error": error }),
        },
        Err(error) => {
            let error = ApiError::new(LocalCode::Invalid, format!("not a call: {error}"));
            json!({ "id": null, "error": error })
        }
    }
}
