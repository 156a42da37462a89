//! The row of a person's trust.

use chatty_protocol::sign::{Head, Key};
use chatty_protocol::{DeviceId, UserId};
use serde::{Deserialize, Serialize};

use crate::error::CryptoError;
use crate::tx::Tx;
use crate::view::Table;
use crate::{megolm, rows};

/// What is believed of a user.
#[derive(Serialize, Deserialize)]
pub(crate) struct TrustRow {
    /// Account identity key when the row was written.
    #[serde(with = "rows::wire")]
    pub(crate) aik: Key,
    /// Compared in person.
    pub(crate) verified: bool,
    /// When the present state began, Unix ms.
    pub(crate) since: u64,
    /// Since when the handle leads to another user id.
    pub(crate) changed_at: Option<u64>,
    /// The user of this device saw the change and goes on (pinned people only).
    pub(crate) acknowledged: bool,
    /// The same for a forked log.
    pub(crate) fork_acknowledged: bool,
    /// The account key was replaced without the old one: shown until compared again.
    pub(crate) replaced: bool,
    /// Device-log head that an own full device had seen.
    #[serde(with = "rows::wire")]
    pub(crate) pinned_head: Option<Head>,
    /// Version of the transfer that set the row, and the device that made it.
    pub(crate) version: u64,
    /// See `version`.
    pub(crate) by: DeviceId,
}

impl TrustRow {
    /// Whether a changed handle still blocks.
    pub(crate) fn changed_open(&self) -> bool {
        self.changed_at.is_some() && (self.verified || !self.acknowledged)
    }
}

/// Reads a person's row.
pub(crate) fn load(tx: &Tx<'_>, user: &UserId) -> Result<Option<TrustRow>, CryptoError> {
    rows::load(tx, Table::Trust, user.as_bytes())
}

/// Writes a person's row.
pub(crate) fn store(tx: &mut Tx<'_>, user: &UserId, row: &TrustRow) -> Result<(), CryptoError> {
    megolm::people_changed(tx)?;
    rows::store(tx, Table::Trust, user.as_bytes(), row)
}

/// Everybody's rows.
pub(crate) fn all(tx: &Tx<'_>) -> Result<Vec<(UserId, TrustRow)>, CryptoError> {
    rows::scan(tx, Table::Trust, &[UserId::TAG])?
        .into_iter()
        .map(|(key, row)| {
            let user = UserId::from_slice(&key).map_err(|_| CryptoError::Corrupt("trust key"))?;
            Ok((user, row))
        })
        .collect()
}
