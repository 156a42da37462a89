//! `GET /devices`: the own ones.

use chatty_protocol::UserId;
use chatty_protocol::rest::{OwnDevice, OwnDevices};

use crate::service::Served;
use crate::state::App;
use crate::store::device::DeviceState;

/// Every device of the account, oldest first.
pub async fn devices(app: &App, user: UserId) -> Served<OwnDevices> {
    let rows = app.store.devices(user).await?;
    let devices = rows.into_iter().map(|row| OwnDevice {
        device: row.device,
        state: word(row.state).to_owned(),
        last_seen_ms: row.last_seen,
    });
    Ok(OwnDevices {
        devices: devices.collect(),
    })
}

fn word(state: DeviceState) -> &'static str {
    match state {
        DeviceState::Pending => "pending",
        DeviceState::Live => "live",
        DeviceState::Revoked => "revoked",
    }
}
