//! `PUT /account/identity`: a new user id under the same login, for somebody who lost both the
//! recovery key and every device.

use chatty_protocol::device_log::DeviceLog;
use chatty_protocol::rest::{NewIdentity, Wait as WaitBody};
use chatty_protocol::{DeviceId, ErrorCode, UserId, limits};

use super::sign_up::first_device;
use super::wait::{IDENTITY, announce, replace_now};
use crate::service::Served;
use crate::service::device::read_entry;
use crate::state::App;
use crate::store::device::DeviceState;

/// Replaces the identity now, or after 72 hours while another device was seen in 30 days. The
/// answer's due time tells which.
pub async fn replace_identity(
    app: &App,
    user: UserId,
    device: Option<DeviceId>,
    body: &NewIdentity,
) -> Served<WaitBody> {
    let now = app.now_ms();
    let signed = read_entry(&body.entry.0)?;
    let log = DeviceLog::init(&signed)?;
    if app.store.account(log.user).await?.is_some() {
        return Err(ErrorCode::Conflict.into());
    }
    first_device(&signed, &log, now)?;
    let devices = app.store.devices(user).await?;
    let seen_since = now.saturating_sub(limits::IDENTITY_SEEN_MS);
    let watched = devices.iter().any(|row| {
        let seen = row.last_seen.max(row.added) >= seen_since;
        row.state == DeviceState::Live && Some(row.device) != device && seen
    });
    if watched {
        let due = now + limits::IDENTITY_WAIT_MS;
        return announce(app, user, IDENTITY, body.entry.0.clone(), due).await;
    }
    replace_now(app, user, &body.entry.0).await?;
    Ok(WaitBody {
        kind: IDENTITY.to_owned(),
        due_ms: now,
    })
}
