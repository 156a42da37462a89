//! `PUT /account/replace-aik`: announces op 9, seven days ahead.

use chatty_protocol::proof::Purpose;
use chatty_protocol::rest::{ReplaceAik, Wait as WaitBody};
use chatty_protocol::{ErrorCode, UserId, limits};

use super::wait::{REPLACE_AIK, announce};
use crate::service::Served;
use crate::service::device::FULL;
use crate::service::session::prove;
use crate::state::App;

/// Announces it; any other live device may veto until it is due, and after.
pub async fn announce_replace_aik(app: &App, user: UserId, body: &ReplaceAik) -> Served<WaitBody> {
    let row = prove(app, &body.proof, Purpose::ReplaceAik).await?;
    if row.user != user {
        return Err(ErrorCode::ProofRequired.into());
    }
    if row.class != FULL {
        return Err(ErrorCode::NotAllowed.into());
    }
    let due = app.now_ms() + limits::REPLACE_AIK_WAIT_MS;
    announce(app, user, REPLACE_AIK, Vec::new(), due).await
}
