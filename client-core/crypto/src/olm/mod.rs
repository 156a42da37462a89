//! Olm between two devices: sessions, bindings, counters, resets (protocol.md §11).

mod claim;
mod encrypt;
mod pair;
mod payload;
mod receive;
mod reset;
mod session;
mod window;

use chatty_protocol::DeviceId;
use chatty_protocol::device_log::DeviceLog;
use chatty_protocol::sign::Key;

use crate::error::CryptoError;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// A device with its account.
pub use crate::megolm::DeviceRef as Peer;
pub use claim::{ClaimError, accepted, claimed, missing_sessions};
pub use encrypt::{Wake, encrypt, is_cloned, last_heard};
pub(crate) use pair::PairRow;
pub use payload::{Payload, bind};
pub use receive::{Failure, Ignored, OlmOutcome, Opened, receive};
pub use reset::{heard_reset, reset};
pub(crate) use session::{forget_seen, tidy_seen};
pub use window::took;

/// The device was revoked: its sessions, counters and alarms go; a device id never returns.
pub(crate) fn forget_device(tx: &mut Tx<'_>, device: &DeviceId) -> Result<(), CryptoError> {
    for table in [
        Table::OlmSession,
        Table::PairWindow,
        Table::Claimed,
        Table::Pair,
    ] {
        for key in tx.scan(table, device.as_bytes())?.into_keys() {
            tx.delete(table, &key);
        }
    }
    Ok(())
}

/// The keys that a pair is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairKeys {
    /// The device.
    pub peer: Peer,
    /// Signing key.
    pub ed25519: Key,
    /// Olm identity key.
    pub curve25519: Key,
}

pub(crate) fn peer_keys(tx: &Tx<'_>, peer: &Peer) -> Result<PairKeys, CryptoError> {
    keys_in(&crate::device_log::get_or_fail(tx, &peer.user)?, peer)
}

/// Keys of a device that is live in `log`.
pub(crate) fn keys_in(log: &DeviceLog, peer: &Peer) -> Result<PairKeys, CryptoError> {
    let record = log
        .live(&peer.device)
        .ok_or(CryptoError::UnknownDevice(peer.device))?;
    Ok(PairKeys {
        peer: *peer,
        ed25519: record.ed25519,
        curve25519: record.curve25519,
    })
}

pub(crate) fn own_keys(own: &crate::identity::Own) -> PairKeys {
    PairKeys {
        peer: Peer {
            user: own.user,
            device: own.device,
        },
        ed25519: own.ed25519,
        curve25519: own.curve25519,
    }
}

pub(crate) fn session_key(device: &DeviceId, session: &[u8; 32]) -> Vec<u8> {
    rows::key(&[device.as_bytes(), session])
}
