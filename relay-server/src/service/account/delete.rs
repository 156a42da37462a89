//! `DELETE /account`: with proof and `close` entry at once, with the password after seven days.

use chatty_protocol::device_log::DeviceOp;
use chatty_protocol::proof::Purpose;
use chatty_protocol::rest::{DeleteAccount, Wait as WaitBody};
use chatty_protocol::{DeviceId, ErrorCode, UserId, limits};

use super::close::close_account;
use super::password::confirm_password;
use super::wait::{CLOSE, announce};
use crate::service::device::{append_entry, read_entry};
use crate::service::session::prove;
use crate::service::{Refused, Served};
use crate::state::App;

/// Deletes the account now (no wait in the answer), or says when it will be.
pub async fn delete(
    app: &App,
    user: UserId,
    device: Option<DeviceId>,
    body: &DeleteAccount,
) -> Served<Option<WaitBody>> {
    match (&body.proof, &body.entry, &body.password) {
        (Some(proof), Some(entry), _) => {
            let row = prove(app, proof, Purpose::Close).await?;
            if row.user != user {
                return Err(ErrorCode::ProofRequired.into());
            }
            let signed = read_entry(&entry.0)?;
            let opened = signed.open()?;
            if opened.op != DeviceOp::Close {
                return Err(Refused::new(ErrorCode::Malformed).detail("not a close entry"));
            }
            append_entry(app, user, device, &signed, opened.seq).await?;
            close_account(app, user).await?;
            Ok(None)
        }
        (_, _, Some(password)) => {
            confirm_password(app, user, password).await?;
            let due = app.now_ms() + limits::REPLACE_AIK_WAIT_MS;
            announce(app, user, CLOSE, Vec::new(), due).await.map(Some)
        }
        _ => Err(Refused::new(ErrorCode::Malformed).detail("proof and entry, or a password")),
    }
}
