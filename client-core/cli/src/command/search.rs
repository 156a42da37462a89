//! `search`: hits, then one line that says what was searched.

use crate::api::{ApiError, MessageSearch};
use serde_json::json;

use super::messages;
use crate::exit::Exit;
use crate::output::{Output, time};
use crate::visit::Visit;

/// Searches the texts on this device.
pub async fn run(
    output: &Output,
    visit: &Visit<'_>,
    text: &str,
    limit: u64,
) -> Result<Exit, ApiError> {
    let call = MessageSearch {
        text: text.to_owned(),
        chat: None,
        limit,
    };
    let found = visit.handle.call(call).await?;
    let hits = found.rows.iter().map(|hit| &hit.message);
    let names = messages::names(output, visit, hits).await?;
    output.rows(&found.rows, "Nothing found.", |hit| {
        messages::text(&hit.message, &names)
    });
    let coverage = &found.coverage;
    output.row(&json!({ "coverage": coverage }), |_| {
        let since = coverage
            .since_ms
            .map_or_else(String::new, |at| format!(" since {}", time(at)));
        let part = if coverage.complete {
            ""
        } else {
            ", not all that this device holds"
        };
        format!("Searched {} messages{since}{part}.", coverage.messages)
    });
    Ok(Exit::Done)
}
