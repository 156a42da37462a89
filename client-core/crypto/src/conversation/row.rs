//! The rows of a conversation.

use chatty_protocol::conversation_log::{ConvEntry, ConvState};
use chatty_protocol::sign::{Hash32, Signed};
use chatty_protocol::{ConvId, UserId};
use serde::{Deserialize, Serialize};

use crate::error::CryptoError;
use crate::tx::Tx;
use crate::view::Table;
use crate::{megolm, rows};

/// Why an entry is not applied yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldReason {
    /// Signed under a device-log history that differs from the one seen here.
    ActorForked,
    /// The device is in no position of its account's log.
    UnknownDevice,
    /// The device was not live at the head that it names.
    DeviceNotLive,
    /// The device was live then and is revoked now, and no `rotate` of its account vouches.
    DeviceRevoked,
    /// The signature does not verify.
    BadSignature,
    /// The rules do not allow it, or the membership after it is not what it claims.
    NotAllowed,
    /// It cuts devices that are not that user's.
    ForeignCut,
    /// Made by a newer program.
    NeedsUpdate,
    /// Does not follow the entry before, or differs from what an own device had seen.
    WrongPlace,
}

/// An entry that waits.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) bytes: Vec<u8>,
    pub(super) stream_seq: Option<u64>,
    pub(super) reason: HeldReason,
}

/// A conversation.
#[derive(Serialize, Deserialize)]
pub(super) struct ConvRow {
    /// Verified state at the newest entry.
    #[serde(with = "rows::wire")]
    pub(super) state: ConvState,
    /// The entry that does not hold.
    pub(super) held: Option<Held>,
    /// A second validly signed entry at a known number.
    pub(super) frozen: Option<Vec<u8>>,
    /// Users whom this device removed or who are about to be: they get no keys from the moment
    /// of signing, whatever the relay does.
    #[serde(with = "rows::wire")]
    pub(super) removing: Vec<UserId>,
}

/// A stored entry.
#[derive(Serialize, Deserialize)]
pub(super) struct EntryRow {
    /// Signed bytes.
    #[serde(with = "rows::wire")]
    pub(super) signed: Signed<ConvEntry>,
    /// Hash that heads name.
    #[serde(with = "rows::wire")]
    pub(super) hash: Hash32,
    /// Stream number, when it came by the stream.
    pub(super) stream_seq: Option<u64>,
}

/// Reads a conversation.
pub(super) fn load(tx: &Tx<'_>, conv: &ConvId) -> Result<Option<ConvRow>, CryptoError> {
    rows::load(tx, Table::Conversation, conv.as_bytes())
}

/// Writes a conversation.
pub(super) fn store(tx: &mut Tx<'_>, conv: &ConvId, row: &ConvRow) -> Result<(), CryptoError> {
    megolm::conversation_changed(tx, conv);
    rows::store(tx, Table::Conversation, conv.as_bytes(), row)
}

fn entry_key(conv: &ConvId, log_seq: u64) -> Vec<u8> {
    rows::key(&[conv.as_bytes(), &log_seq.to_be_bytes()])
}

/// Reads an entry.
pub(super) fn entry(
    tx: &Tx<'_>,
    conv: &ConvId,
    log_seq: u64,
) -> Result<Option<EntryRow>, CryptoError> {
    rows::load(tx, Table::ConversationEntry, &entry_key(conv, log_seq))
}

/// Writes an entry.
pub(super) fn store_entry(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    log_seq: u64,
    row: &EntryRow,
) -> Result<(), CryptoError> {
    rows::store(tx, Table::ConversationEntry, &entry_key(conv, log_seq), row)
}

/// All entries in order.
pub(super) fn entries(tx: &Tx<'_>, conv: &ConvId) -> Result<Vec<EntryRow>, CryptoError> {
    let rows = rows::scan(tx, Table::ConversationEntry, conv.as_bytes())?;
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}
