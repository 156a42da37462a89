//! `follow`: the API's events, unchanged, until it is stopped.

use crate::api::ApiError;

use crate::args::Args;
use crate::exit::Exit;
use crate::output::Output;
use crate::visit::{Need, Visit};

/// Prints events as JSON lines; Ctrl-C or a closed engine ends it.
pub async fn run(args: &Args, output: &Output) -> Result<Exit, ApiError> {
    let visit = Visit::open(args, output, Need::Nothing).await?;
    let events = visit.handle.listen().await?;
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Ok(event) => output.object(&event),
                Err(_) => break,
            },
            _ = tokio::signal::ctrl_c() => break,
        }
    }
    visit.close().await;
    Ok(Exit::Done)
}
