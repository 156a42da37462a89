//! This device's identity: the Olm account, its certificate, and everything it signs.

mod create;
mod recovery;
pub(crate) mod row;
mod sign;

use chatty_protocol::certificate::Certificate;
use chatty_protocol::device_log::Class;
use chatty_protocol::sign::{Key, Signed};
use chatty_protocol::{DeviceId, UserId};

use crate::device_log;
use crate::error::CryptoError;
use crate::tx::Tx;

pub use create::{NewAccount, create, new_device};
pub use recovery::{confirm_recovery, recovery_key_text};
pub(crate) use sign::sign;
pub use sign::{login_proof, statement};

/// Who this device is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// Account.
    pub user: UserId,
    /// This device.
    pub device: DeviceId,
    /// Certificate as published.
    pub cert: Signed<Certificate>,
    /// Signing key.
    pub ed25519: Key,
    /// Olm identity key.
    pub curve25519: Key,
    /// Relay that the account lives on.
    pub origin: String,
    /// Whether pins were received (type 11) or this device began the account. Until then
    /// it sends nothing and first-contacts nobody (protocol.md §18).
    pub pins_stored: bool,
}

/// What the own device log says of this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In no entry yet: waits for approval.
    Waiting,
    /// Live.
    Live(Class),
    /// Past its expiry and the grace, by the own clock.
    Expired,
    /// Revoked, or the account is closed.
    Revoked,
}

/// Who this device is; none before sign-up or log-in.
pub fn own(tx: &Tx<'_>) -> Result<Option<Own>, CryptoError> {
    row::load(tx)?.map(row::IdentityRow::public).transpose()
}

/// Who this device is, where there must be an identity.
pub fn own_or_fail(tx: &Tx<'_>) -> Result<Own, CryptoError> {
    own(tx)?.ok_or(CryptoError::NoIdentity)
}

/// What the own device log, as far as it is known here, says of this device.
pub fn standing(tx: &Tx<'_>) -> Result<Standing, CryptoError> {
    let own = own_or_fail(tx)?;
    let Some(log) = device_log::get(tx, &own.user)? else {
        return Ok(Standing::Waiting);
    };
    Ok(match log.devices.get(&own.device) {
        None => Standing::Waiting,
        Some(_) if log.live(&own.device).is_none() => Standing::Revoked,
        Some(record) if device_log::is_expired(record, tx.now_ms) => Standing::Expired,
        Some(record) => Standing::Live(record.class),
    })
}

/// Fails unless this device is live (and not expired by its own clock).
pub fn require_live(tx: &Tx<'_>) -> Result<Own, CryptoError> {
    match standing(tx)? {
        Standing::Live(_) => own_or_fail(tx),
        _ => Err(CryptoError::NotLive),
    }
}
