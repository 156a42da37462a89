//! `POST /users/heads`: which logs moved.

use chatty_protocol::rest::{HeadsQuery, UserHead, UserHeads};
use chatty_protocol::{ErrorCode, limits};

use crate::service::Served;
use crate::state::App;

/// Newest position of each known user.
pub async fn heads(app: &App, query: HeadsQuery) -> Served<UserHeads> {
    if query.users.len() > limits::HEADS_PER_CALL {
        return Err(ErrorCode::TooLarge.into());
    }
    if query.users.is_empty() {
        return Err(ErrorCode::Malformed.into());
    }
    let heads = app.store.device_log_heads(query.users).await?;
    let rows = heads.into_iter().map(|(user, at)| UserHead {
        user,
        branch: at.branch,
        seq: at.head.seq,
    });
    Ok(UserHeads {
        heads: rows.collect(),
    })
}
