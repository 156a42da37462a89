//! Two entries at one number: forgeries are ignored, a second validly signed one freezes.

use chatty_protocol::codec::Bytes;
use chatty_protocol::conversation_log::ConvEntry;
use chatty_protocol::sign::Signed;
use chatty_protocol::{ConvId, UserId};

use super::judge::{Judged, judge};
use super::query::state_at;
use super::row;
use crate::content::to_device::{Evidence, Subject};
use crate::error::CryptoError;
use crate::tx::Tx;

/// How an entry relates to the one that is stored at its number.
pub(super) enum Compared {
    Known,
    Fork,
    NeedLog(UserId),
    Forgery,
}

/// Compares an entry with the stored one of its number; proof of a fork freezes at once.
pub(super) fn compare(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    entry: &ConvEntry,
    signed: &Signed<ConvEntry>,
) -> Result<Compared, CryptoError> {
    let Some(known) = row::entry(tx, conv, entry.seq)? else {
        return Ok(Compared::Forgery);
    };
    if known.hash == ConvEntry::hash_of(signed) {
        return Ok(Compared::Known);
    }
    // Both sides may have signed a create; the relay took one, the other proves nothing.
    let Some(before) = entry.seq.checked_sub(1) else {
        return Ok(Compared::Forgery);
    };
    let Some(state) = state_at(tx, conv, before)? else {
        return Ok(Compared::Forgery);
    };
    match judge(tx, Some(&state), signed, entry)? {
        // A device that is revoked by now could make rivals for ever: it proves nothing.
        Judged::Valid { doubt: None, .. } => {
            if let Some(mut row) = row::load(tx, conv)? {
                row.frozen.get_or_insert(signed.to_bytes());
                row::store(tx, conv, &row)?;
            }
            Ok(Compared::Fork)
        }
        Judged::NeedLog(user) => Ok(Compared::NeedLog(user)),
        _ => Ok(Compared::Forgery),
    }
}

/// What evidence about a conversation log showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidenced {
    /// Nothing new, or a forgery.
    Nothing,
    /// A fork is proven; the conversation is frozen.
    Frozen,
    /// Entries above ours: fetch the log from the relay, which must have them.
    Ahead,
    /// Fetch this user's device log, then judge again.
    NeedLog(UserId),
}

/// Judges entries that a member sent as evidence (type 13). Nothing is applied from here: new
/// entries come from the relay only.
pub fn evidence(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    entries: &[Bytes],
) -> Result<Evidenced, CryptoError> {
    let Some(head) = row::load(tx, conv)?.map(|row| row.state.head) else {
        return Ok(Evidenced::Nothing);
    };
    for bytes in entries {
        let Ok(signed) = Signed::<ConvEntry>::from_bytes(&bytes.0) else {
            continue;
        };
        let Ok(entry) = signed.open() else {
            continue;
        };
        if entry.conv.is_some_and(|named| named != *conv) {
            continue;
        }
        if entry.seq > head.seq {
            return Ok(Evidenced::Ahead);
        }
        match compare(tx, conv, &entry, &signed)? {
            Compared::Fork => return Ok(Evidenced::Frozen),
            Compared::NeedLog(user) => return Ok(Evidenced::NeedLog(user)),
            Compared::Known | Compared::Forgery => {}
        }
    }
    Ok(Evidenced::Nothing)
}

/// Entries at the end of the log that are shown to somebody who sees another history.
const SHOWN_ENTRIES: u64 = 20;

/// The newest entries, as evidence for somebody who sees another history.
pub fn newest_proof(tx: &Tx<'_>, conv: &ConvId) -> Result<Option<Evidence>, CryptoError> {
    let Some(head) = row::load(tx, conv)?.map(|row| row.state.head) else {
        return Ok(None);
    };
    proof(tx, conv, head.seq.saturating_sub(SHOWN_ENTRIES))
}

/// The entries from `from` to the head, as evidence for somebody who sees another history.
pub fn proof(tx: &Tx<'_>, conv: &ConvId, from: u64) -> Result<Option<Evidence>, CryptoError> {
    let mut entries = Vec::new();
    let mut seq = from;
    let mut size = 0;
    while let Some(stored) = row::entry(tx, conv, seq)? {
        let bytes = stored.signed.to_bytes();
        size += bytes.len();
        if size > chatty_protocol::limits::LOG_ENTRY_BYTES * 2 {
            break;
        }
        entries.push(Bytes(bytes));
        seq += 1;
    }
    Ok((!entries.is_empty()).then_some(Evidence {
        subject: Subject::Conv(*conv),
        entries,
    }))
}
