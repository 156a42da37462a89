//! Rows of published keys, and the counters behind them.

use chatty_protocol::SUITE_1;
use chatty_protocol::codec::{Bytes, Ext, Fixed, V1, encode};
use chatty_protocol::prekey::{KIND_FALLBACK, KIND_ONE_TIME, KeyRecord};
use chatty_protocol::sign::{Key, SignContext, Signed, message_to_sign};
use serde::{Deserialize, Serialize};
use vodozemac::olm::Account;

use crate::error::CryptoError;
use crate::identity::Own;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// Key of the row: counters and the life of the fallback keys.
const COUNTERS: &[u8] = b"keys";

/// A published (or soon published) key.
#[derive(Serialize, Deserialize)]
pub(super) struct KeyRow {
    /// Signed record, exactly as it is uploaded.
    #[serde(with = "rows::wire")]
    pub(super) record: Signed<KeyRecord>,
    /// Public key.
    #[serde(with = "rows::wire")]
    pub(super) public: Key,
    /// Whether the relay confirmed it.
    pub(super) uploaded: bool,
}

/// Counters and the two fallback keys.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct KeysRow {
    /// Next number of a one-time key.
    pub(super) next_one_time: u64,
    /// Next number of a fallback key.
    pub(super) next_fallback: u64,
    /// The published fallback key.
    pub(super) current: Option<Fallback>,
    /// Its predecessor, not forgotten yet.
    pub(super) previous: Option<Fallback>,
    /// The relay lost its state: every stored one-time key is void.
    pub(super) invalid: bool,
    /// When the present hour of making one-time keys began, Unix ms.
    #[serde(default)]
    pub(super) hour_began: u64,
    /// One-time keys made in it.
    #[serde(default)]
    pub(super) made_this_hour: u64,
}

/// Life of a fallback key.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Fallback {
    /// Its number.
    pub(super) id: u64,
    /// When it was made, Unix ms.
    pub(super) made: u64,
    /// When the relay confirmed it.
    pub(super) published: Option<u64>,
    /// When the inbox was drained after the successor was published.
    pub(super) drained: Option<u64>,
}

fn row_key(kind: u64, id: u64) -> Vec<u8> {
    // Kinds are 1 and 2 here; one byte is enough.
    rows::key(&[&[kind as u8], &id.to_be_bytes()])
}

/// Reads the counters.
pub(super) fn counters(tx: &Tx<'_>) -> Result<KeysRow, CryptoError> {
    Ok(rows::load(tx, Table::Own, COUNTERS)?.unwrap_or_default())
}

/// Writes the counters.
pub(super) fn store_counters(tx: &mut Tx<'_>, row: &KeysRow) -> Result<(), CryptoError> {
    rows::store(tx, Table::Own, COUNTERS, row)
}

/// One key.
pub(super) fn load(tx: &Tx<'_>, kind: u64, id: u64) -> Result<Option<KeyRow>, CryptoError> {
    rows::load(tx, Table::OwnKey, &row_key(kind, id))
}

/// Writes one key.
pub(super) fn store(tx: &mut Tx<'_>, kind: u64, id: u64, row: &KeyRow) -> Result<(), CryptoError> {
    rows::store(tx, Table::OwnKey, &row_key(kind, id), row)
}

/// Forgets one key.
pub(super) fn remove(tx: &mut Tx<'_>, kind: u64, id: u64) {
    tx.delete(Table::OwnKey, &row_key(kind, id));
}

/// All keys of a kind.
pub(super) fn all(tx: &Tx<'_>, kind: u64) -> Result<Vec<(Vec<u8>, KeyRow)>, CryptoError> {
    rows::scan(tx, Table::OwnKey, &[kind as u8])
}

/// Signs and writes down a key before anybody sees it.
pub(super) fn publish(
    tx: &mut Tx<'_>,
    own: &Own,
    account: &Account,
    kind: u64,
    id: u64,
    public: Key,
) -> Result<(), CryptoError> {
    let context = if kind == KIND_FALLBACK {
        SignContext::Fallback
    } else {
        SignContext::Otk
    };
    let inner = encode(&KeyRecord {
        version: V1,
        suite: SUITE_1,
        user: own.user,
        device: own.device,
        kind,
        id,
        public: Bytes(public.0.to_vec()),
        created: tx.now_ms,
        ext: Ext::default(),
    });
    let signature = account.sign(message_to_sign(context, &inner)).to_bytes();
    let row = KeyRow {
        record: Signed::from_parts(inner, signature),
        public,
        uploaded: false,
    };
    store(tx, kind, id, &row)
}

/// The key with this public half was used. A one-time key's record goes; a fallback key stays,
/// and the answer is `true`.
pub(crate) fn consumed(tx: &mut Tx<'_>, public: &[u8; 32]) -> Result<bool, CryptoError> {
    let wanted = Fixed(*public);
    for (key, row) in all(tx, KIND_ONE_TIME)? {
        if row.public == wanted {
            tx.delete(Table::OwnKey, &key);
            return Ok(false);
        }
    }
    Ok(all(tx, KIND_FALLBACK)?
        .iter()
        .any(|(_, row)| row.public == wanted))
}

/// Whether a public key is one that this device published itself (reflection).
pub(crate) fn is_own(tx: &Tx<'_>, public: &Key) -> Result<bool, CryptoError> {
    let rows: Vec<(Vec<u8>, KeyRow)> = rows::scan(tx, Table::OwnKey, &[])?;
    Ok(rows.iter().any(|(_, row)| row.public == *public))
}
