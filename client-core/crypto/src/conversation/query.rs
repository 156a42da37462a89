//! Questions to a verified conversation log.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};

use chatty_protocol::conversation_log::{ConvEntry, ConvState, Mode, propose, propose_create};
use chatty_protocol::device_log::DeviceLog;
use chatty_protocol::sign::Head;
use chatty_protocol::{ConvId, UserId};

use super::row;
use crate::error::CryptoError;
use crate::olm::Peer;
use crate::tx::Tx;
use crate::view::Table;
use crate::{device_log, identity, rows, trust};

/// The verified state at the newest entry.
pub fn state(tx: &Tx<'_>, conv: &ConvId) -> Result<Option<ConvState>, CryptoError> {
    Ok(row::load(tx, conv)?.map(|row| row.state))
}

/// As [`state`], where the conversation must be known.
pub fn state_or_fail(tx: &Tx<'_>, conv: &ConvId) -> Result<ConvState, CryptoError> {
    state(tx, conv)?.ok_or(CryptoError::UnknownConversation(*conv))
}

/// The state as it was after entry `seq`, worked out again from the stored entries.
pub fn state_at(tx: &Tx<'_>, conv: &ConvId, seq: u64) -> Result<Option<ConvState>, CryptoError> {
    let Some(newest) = state(tx, conv)? else {
        return Ok(None);
    };
    if seq == newest.head.seq {
        return Ok(Some(newest));
    }
    let mut state: Option<ConvState> = None;
    for stored in row::entries(tx, conv)? {
        let entry = stored.signed.open()?;
        if entry.seq > seq {
            break;
        }
        // They were all verified when they came; `full` was part of that.
        let mut after = match &state {
            None => propose_create(&entry.actor, &entry.op)?,
            Some(before) => propose(before, &entry.actor, &entry.op, true)?,
        };
        after.conv = *conv;
        after.head = Head {
            seq: entry.seq,
            hash: stored.hash,
        };
        state = Some(after);
    }
    Ok(state.filter(|state| state.head.seq == seq))
}

/// How a conversation head relates to what is verified here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConvHeadCheck {
    /// On our log, at or below our head.
    Known,
    /// Above our head, or the conversation is unknown: fetch the log.
    Ahead,
    /// Same number, other hash: that sender's messages are held, evidence is asked for.
    Mismatch,
}

/// Compares a head that a member sent inside Olm or Megolm.
pub fn check_head(tx: &Tx<'_>, conv: &ConvId, head: &Head) -> Result<ConvHeadCheck, CryptoError> {
    Ok(match row::entry(tx, conv, head.seq)? {
        None => ConvHeadCheck::Ahead,
        Some(stored) if stored.hash == head.hash => ConvHeadCheck::Known,
        Some(_) => ConvHeadCheck::Mismatch,
    })
}

/// A verified entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// The entry.
    pub entry: ConvEntry,
    /// Signed bytes.
    pub bytes: Vec<u8>,
    /// Stream number, if known.
    pub stream_seq: Option<u64>,
}

/// The verified entry with this number.
pub fn stored_entry(
    tx: &Tx<'_>,
    conv: &ConvId,
    log_seq: u64,
) -> Result<Option<StoredEntry>, CryptoError> {
    let Some(row) = row::entry(tx, conv, log_seq)? else {
        return Ok(None);
    };
    Ok(Some(StoredEntry {
        entry: row.signed.open()?,
        bytes: row.signed.to_bytes(),
        stream_seq: row.stream_seq,
    }))
}

/// Signed entries above `log_seq` (all for none): what a restored relay has lost.
pub fn entries_above(
    tx: &Tx<'_>,
    conv: &ConvId,
    log_seq: Option<u64>,
) -> Result<Vec<Vec<u8>>, CryptoError> {
    let from = log_seq.map_or(0, |seq| seq as usize + 1);
    let entries = row::entries(tx, conv)?.into_iter().skip(from);
    Ok(entries.map(|row| row.signed.to_bytes()).collect())
}

/// Heads of all conversations.
pub fn heads(tx: &Tx<'_>) -> Result<Vec<(ConvId, Head)>, CryptoError> {
    let rows: Vec<(Vec<u8>, row::ConvRow)> = rows::scan(tx, Table::Conversation, &[])?;
    Ok(rows
        .into_iter()
        .map(|(_, row)| (row.state.conv, row.state.head))
        .collect())
}

/// Whether a direct conversation with this user exists in which both are members.
pub fn is_contact(tx: &Tx<'_>, user: &UserId) -> Result<bool, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let conv = ConvId::of_direct(&own.user, user, &own.origin);
    Ok(state(tx, &conv)?.is_some_and(|state| {
        state.mode == Mode::Direct && state.may_send(&own.user) && state.may_send(user)
    }))
}

/// Devices that get the keys of a conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipients {
    /// Live, unexpired devices of everybody who is entitled; own ones too, this one not.
    pub devices: Vec<Peer>,
    /// Entitled users whose device log was never fetched: fetch before sending.
    pub need_log: Vec<UserId>,
    /// When the first of the devices expires, Unix ms; none = never.
    pub until_ms: Option<u64>,
}

/// Who gets keys now: only signed devices of signed members and invited users (A1, A2). Users
/// whom this device has signed a removal for are left out from that moment, and so are verified
/// people whose identity is in question (A14).
pub fn recipients(tx: &Tx<'_>, conv: &ConvId) -> Result<Recipients, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let row = row::load(tx, conv)?.ok_or(CryptoError::UnknownConversation(*conv))?;
    let mut out = Recipients::default();
    for user in row.state.entitled() {
        if row.removing.contains(user) || trust::is_violation(tx, user)? {
            continue;
        }
        let Some(log) = device_log::get(tx, user)? else {
            out.need_log.push(*user);
            continue;
        };
        for (device, record) in log.live_devices() {
            if *device != own.device && !device_log::is_expired(record, tx.now_ms) {
                out.devices.push(Peer {
                    user: *user,
                    device: *device,
                });
                let ends = device_log::usable_until(record);
                out.until_ms = out.until_ms.map_or(ends, |until| {
                    Some(ends.map_or(until, |ends| ends.min(until)))
                });
            }
        }
    }
    Ok(out)
}

/// Whether this one device gets keys now; the same rule as [`recipients`].
pub fn is_recipient(tx: &Tx<'_>, conv: &ConvId, peer: &Peer) -> Result<bool, CryptoError> {
    Ok(recipients_among(tx, conv, std::slice::from_ref(peer))?.contains(peer))
}

/// Those of these devices that get keys now; the same rule as [`recipients`], and only the logs of
/// their owners are read.
pub fn recipients_among(
    tx: &Tx<'_>,
    conv: &ConvId,
    peers: &[Peer],
) -> Result<BTreeSet<Peer>, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let row = row::load(tx, conv)?.ok_or(CryptoError::UnknownConversation(*conv))?;
    let mut logs: BTreeMap<UserId, Option<DeviceLog>> = BTreeMap::new();
    let mut out = BTreeSet::new();
    for peer in peers.iter().filter(|peer| peer.device != own.device) {
        if let Entry::Vacant(new) = logs.entry(peer.user) {
            let entitled = row.state.member(&peer.user).is_some()
                && !row.removing.contains(&peer.user)
                && !trust::is_violation(tx, &peer.user)?;
            new.insert(match entitled {
                true => device_log::get(tx, &peer.user)?,
                false => None,
            });
        }
        let record = logs
            .get(&peer.user)
            .and_then(Option::as_ref)
            .and_then(|log| log.live(&peer.device));
        if record.is_some_and(|record| !device_log::is_expired(record, tx.now_ms)) {
            out.insert(*peer);
        }
    }
    Ok(out)
}
