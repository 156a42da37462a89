//! `GET /users/{id}/log`.

use chatty_protocol::rest::LogPage;
use chatty_protocol::{ErrorCode, UserId, limits};

use crate::service::Served;
use crate::state::App;

/// A page of a device log: of the newest branch, or of one that was left.
pub async fn read_log(
    app: &App,
    user: UserId,
    branch: Option<u64>,
    from: u64,
    limit: usize,
) -> Served<LogPage> {
    let limit = limit.clamp(1, limits::PAGE);
    let page = app.store.device_log(user, branch, from, limit).await?;
    let page = page.ok_or(ErrorCode::NotFound)?;
    Ok(LogPage {
        head: page.head.into(),
        branch: page.branch,
        entries: page
            .entries
            .iter()
            .map(|entry| entry.to_vec().into())
            .collect(),
    })
}
