//! Encrypted title, description and picture: keys that outlive generations (protocol.md §10 op 7).

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use chatty_protocol::ConvId;
use chatty_protocol::codec::{Bytes, Fixed, encode};
use chatty_protocol::conversation_log::{ConvState, Meta};
use chatty_protocol::sign::Key;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::facts;
use super::row::load_or;
use super::types::KeyOutcome;
use crate::content::meta::MetaContent;
use crate::content::to_device::{ConvMeta, ToDeviceBody};
use crate::conversation::{self, ConvHeadCheck};
use crate::error::CryptoError;
use crate::olm::Peer;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// Keys kept per conversation: enough for every title that can still be shown.
const KEPT: usize = 16;

/// Table::MetaKey, key conv.
#[derive(Serialize, Deserialize, Default)]
struct MetaRow {
    /// Newest last.
    keys: Vec<MetaKey>,
}

#[derive(Serialize, Deserialize)]
struct MetaKey {
    #[serde(with = "rows::wire")]
    id: Fixed<8>,
    #[serde(with = "rows::wire")]
    key: Key,
    /// Log head when this device made it; `None` for a key that came.
    made_at: Option<u64>,
}

/// Encrypts title and description for the entry that will have number `log_seq`. The answer says
/// whether the key is new: then every recipient device gets [`meta_key`] after the entry stands.
pub fn seal_meta(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    log_seq: u64,
    content: &MetaContent,
) -> Result<(Meta, bool), CryptoError> {
    let state = conversation::state_or_fail(tx, conv)?;
    let plain = content.to_bytes()?;
    let mut row: MetaRow = load_or(tx, Table::MetaKey, conv.as_ref())?;
    // A key may be used again while nobody who has it has left.
    let again = row
        .keys
        .last()
        .is_some_and(|known| known.made_at.is_some_and(|at| state.forced_at <= at));
    if !again {
        row.keys.push(MetaKey {
            id: Fixed(tx.random()),
            key: Fixed(tx.random()),
            made_at: Some(log_seq),
        });
        trim(&mut row, state.meta.as_ref().map(|(_, meta)| meta.key_id));
        rows::store(tx, Table::MetaKey, conv.as_ref(), &row)?;
    }
    let newest = row.keys.last().ok_or(CryptoError::Corrupt("meta keys"))?;
    let nonce: [u8; 24] = tx.random();
    let aad = encode(&(*conv, log_seq));
    let ct = XChaCha20Poly1305::new(&newest.key.0.into())
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: &plain,
                aad: &aad,
            },
        )
        .map_err(|_| CryptoError::Refused("meta entry"))?;
    let meta = Meta {
        key_id: newest.id,
        nonce: Fixed(nonce),
        ct: Bytes(ct),
    };
    // While the log names no entry under this key, nobody was given it, however often the entry
    // had to be made again.
    let present = state.meta.map(|(_, meta)| meta.key_id);
    let fresh = present != Some(meta.key_id);
    Ok((meta, fresh))
}

/// Opens the meta entry with number `log_seq`; `None` while its key is not here.
pub fn open_meta(
    tx: &Tx<'_>,
    conv: &ConvId,
    log_seq: u64,
    meta: &Meta,
) -> Result<Option<MetaContent>, CryptoError> {
    let row: MetaRow = load_or(tx, Table::MetaKey, conv.as_ref())?;
    let aad = encode(&(*conv, log_seq));
    // An id is 8 bytes that anybody may choose, so every key under it is tried.
    for known in row.keys.iter().filter(|known| known.id == meta.key_id) {
        let payload = Payload {
            msg: &meta.ct.0,
            aad: &aad,
        };
        let opened = XChaCha20Poly1305::new(&known.key.0.into())
            .decrypt(&XNonce::from(meta.nonce.0), payload)
            .map(Zeroizing::new);
        if let Ok(plain) = opened {
            return Ok(Some(MetaContent::from_bytes(&plain)?));
        }
    }
    Ok(None)
}

/// The conv.meta (type 3) with the newest meta key, for invited users and after a new title.
pub fn meta_key(tx: &Tx<'_>, conv: &ConvId) -> Result<Option<ToDeviceBody>, CryptoError> {
    let state = conversation::state_or_fail(tx, conv)?;
    Ok(newest_key(tx, &state)?.map(|(key_id, key)| {
        ToDeviceBody::ConvMeta(ConvMeta {
            conv: *conv,
            key_id,
            key,
            invite_head: state.head,
        })
    }))
}

/// The key of the newest meta entry, if it is here.
pub(super) fn newest_key(
    tx: &Tx<'_>,
    state: &ConvState,
) -> Result<Option<(Fixed<8>, Key)>, CryptoError> {
    let row: MetaRow = load_or(tx, Table::MetaKey, state.conv.as_ref())?;
    let newest = match &state.meta {
        Some((_, meta)) => row.keys.iter().rev().find(|known| known.id == meta.key_id),
        None => None,
    };
    Ok(newest.map(|known| (known.id, known.key)))
}

/// Type 3 from `from`: a member, or the inviter that the log names.
pub fn on_conv_meta(
    tx: &mut Tx<'_>,
    from: &Peer,
    body: &ConvMeta,
) -> Result<KeyOutcome, CryptoError> {
    if let Some(state) = conversation::state(tx, &body.conv)? {
        let ahead =
            conversation::check_head(tx, &body.conv, &body.invite_head)? == ConvHeadCheck::Ahead;
        let member = state.may_send(&from.user)
            || facts::was_member(tx, &state, &from.user, body.invite_head.seq)?;
        if !ahead && !member {
            return Ok(KeyOutcome::Rejected("not a member"));
        }
    }
    remember(tx, &body.conv, &body.key_id, &body.key)?;
    Ok(KeyOutcome::Meta { conv: body.conv })
}

/// Keeps a key that came. A second key under a known id stands beside the first.
pub(super) fn remember(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    id: &Fixed<8>,
    key: &Key,
) -> Result<(), CryptoError> {
    let mut row: MetaRow = load_or(tx, Table::MetaKey, conv.as_ref())?;
    if row
        .keys
        .iter()
        .any(|known| known.id == *id && known.key == *key)
    {
        return Ok(());
    }
    row.keys.push(MetaKey {
        id: *id,
        key: *key,
        made_at: None,
    });
    let entry = conversation::state(tx, conv)?.and_then(|state| state.meta);
    trim(&mut row, entry.map(|(_, meta)| meta.key_id));
    rows::store(tx, Table::MetaKey, conv.as_ref(), &row)
}

/// Forgets the oldest surplus key, but never one that opens the present title: a member who
/// sends many keys must not close it.
fn trim(row: &mut MetaRow, present: Option<Fixed<8>>) {
    while row.keys.len() > KEPT {
        let oldest = row.keys.iter().position(|known| Some(known.id) != present);
        row.keys.remove(oldest.unwrap_or(0));
    }
}
