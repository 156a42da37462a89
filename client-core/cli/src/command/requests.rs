//! `requests`: what strangers sent, and what to do with it.

use crate::api::{ApiError, LocalCode, RequestAccept, RequestBlock, RequestDelete, RequestList};
use chatty_protocol::ConvId;

use crate::args::Decision;
use crate::exit::Exit;
use crate::names::Names;
use crate::output::{Output, plain, time};
use crate::visit::Visit;

/// Lists the requests, or decides one.
pub async fn run(
    output: &Output,
    visit: &Visit<'_>,
    decision: Option<&Decision>,
) -> Result<Exit, ApiError> {
    let Some(decision) = decision else {
        let requests = visit.handle.call(RequestList {}).await?;
        let who = requests.iter().map(|request| request.from);
        let names = Names::of(output, visit, who).await?;
        output.rows(&requests, "No requests.", |request| {
            let preview = request
                .preview
                .as_deref()
                .map_or_else(|| "(no text yet)".into(), plain);
            format!(
                "{}  from {}  {}  {preview}",
                request.id,
                names.get(&request.from),
                time(request.at_ms)
            )
        });
        return Ok(Exit::Done);
    };
    match decision {
        Decision::Accept { chat } => {
            let chat = find(visit, chat).await?;
            visit.handle.call(RequestAccept { chat }).await?;
            output.say("Accepted.");
        }
        Decision::Delete { chat } => {
            let chat = find(visit, chat).await?;
            visit.handle.call(RequestDelete { chat }).await?;
            output.say("Hidden; nobody is told.");
        }
        Decision::Block { chat } => {
            let chat = find(visit, chat).await?;
            visit.handle.call(RequestBlock { chat }).await?;
            output.say("Hidden and blocked.");
        }
    }
    Ok(Exit::Done)
}

/// A request is named like any chat.
async fn find(visit: &Visit<'_>, name: &str) -> Result<ConvId, ApiError> {
    let chat = visit.chat(name).await?;
    let requests = visit.handle.call(RequestList {}).await?;
    if requests.iter().any(|request| request.id == chat.id) {
        return Ok(chat.id);
    }
    Err(ApiError::new(
        LocalCode::NoSuchChat,
        "there is no such request",
    ))
}
