//! `DELETE /sessions/{sid}`: ends a session of one's own account.

use chatty_protocol::{ErrorCode, UserId};

use crate::notice::Notice;
use crate::service::Served;
use crate::service::token::parse_sid;
use crate::state::App;

/// Ends the session; its sockets close.
pub async fn log_out(app: &App, user: UserId, session: &str) -> Served<()> {
    let family = parse_sid(session).ok_or(ErrorCode::NotFound)?;
    if !app.store.family_revoke(user, family).await? {
        return Err(ErrorCode::NotFound.into());
    }
    app.notices.send(Notice::SessionEnded {
        session: session.to_owned(),
    });
    Ok(())
}
