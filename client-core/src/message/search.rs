//! Search over the texts on this device.

use crate::api::message::{Found, FoundMessage, MessageSearch};
use crate::engine::{Context, Fault};
use crate::store::message::view;
use crate::store::search;

/// Most hits of one search.
const HITS: u64 = 500;

/// Hits, newest first, and what was searched.
pub fn search(context: &Context, params: &MessageSearch) -> Result<Found, Fault> {
    let limit = usize::try_from(params.limit.clamp(1, HITS)).unwrap_or(1);
    context.read(|db| {
        let mut rows = Vec::new();
        for hit in search::find(db, &params.text, params.chat.as_ref(), limit)? {
            if let Some(message) = view::message(db, &hit.message)? {
                rows.push(FoundMessage {
                    message,
                    snippet: hit.spans,
                });
            }
        }
        let coverage = search::coverage(db, &params.text, params.chat.as_ref())?;
        Ok(Found { rows, coverage })
    })
}
