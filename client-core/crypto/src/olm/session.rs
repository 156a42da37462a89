//! Stored sessions of a pair: at most four, one of them for sending.

use chatty_protocol::sign::Key;
use chatty_protocol::{DeviceId, limits};
use serde::{Deserialize, Serialize};
use vodozemac::olm::{Session, SessionPickle};

use super::session_key;
use crate::error::CryptoError;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// A stored session.
#[derive(Serialize, Deserialize)]
pub(super) struct SessionRow {
    /// The ratchet.
    pub(super) pickle: SessionPickle,
    /// When it was made, Unix ms.
    pub(super) created: u64,
    /// When it last encrypted or decrypted, Unix ms.
    pub(super) used: u64,
    /// Whether it decrypted something.
    pub(super) decrypted: bool,
    /// Whether one of both sides called it broken.
    pub(super) failed: bool,
}

/// A session with its id.
pub(super) struct Stored {
    pub(super) id: [u8; 32],
    pub(super) row: SessionRow,
}

/// Raw session id from vodozemac's text form (base64 without padding of a SHA-256).
pub(super) fn raw_id(text: &str) -> Result<[u8; 32], CryptoError> {
    data_encoding::BASE64_NOPAD
        .decode(text.as_bytes())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(CryptoError::Refused("session id of the wrong form"))
}

/// All sessions with a device, in the order of their ids.
pub(super) fn all(tx: &Tx<'_>, device: &DeviceId) -> Result<Vec<Stored>, CryptoError> {
    rows::scan::<SessionRow>(tx, Table::OlmSession, device.as_bytes())?
        .into_iter()
        .map(|(key, row)| {
            let id = key
                .get(DeviceId::LEN..)
                .and_then(|id| id.try_into().ok())
                .ok_or(CryptoError::Corrupt("session key"))?;
            Ok(Stored { id, row })
        })
        .collect()
}

/// One session.
pub(super) fn load(
    tx: &Tx<'_>,
    device: &DeviceId,
    id: &[u8; 32],
) -> Result<Option<SessionRow>, CryptoError> {
    rows::load(tx, Table::OlmSession, &session_key(device, id))
}

/// Writes a session.
pub(super) fn store(
    tx: &mut Tx<'_>,
    device: &DeviceId,
    id: &[u8; 32],
    row: &SessionRow,
) -> Result<(), CryptoError> {
    rows::store(tx, Table::OlmSession, &session_key(device, id), row)
}

/// Drops a session.
pub(super) fn remove(tx: &mut Tx<'_>, device: &DeviceId, id: &[u8; 32]) {
    tx.delete(Table::OlmSession, &session_key(device, id));
}

/// Adds a session; a fifth one pushes out the least useful: broken before working, never
/// answered before answered, long unused before lately used.
pub(super) fn add(
    tx: &mut Tx<'_>,
    device: &DeviceId,
    session: &Session,
    decrypted: bool,
) -> Result<[u8; 32], CryptoError> {
    let id = raw_id(&session.session_id())?;
    let mut others = all(tx, device)?;
    others.retain(|other| other.id != id);
    others.sort_by_key(|other| (!other.row.failed, other.row.decrypted, other.row.used));
    let surplus = (others.len() + 1).saturating_sub(limits::SESSIONS_PER_PAIR);
    for other in &others[..surplus] {
        remove(tx, device, &other.id);
    }
    let row = SessionRow {
        pickle: session.pickle(),
        created: tx.now_ms,
        used: tx.now_ms,
        decrypted,
        failed: false,
    };
    store(tx, device, &id, &row)?;
    Ok(id)
}

/// The session to send on: the smallest id among those that decrypted something and are not
/// broken, so that crossed creations settle; else the newest one of ours.
pub(super) fn pick(sessions: Vec<Stored>) -> Option<Stored> {
    let mut newest: Option<Stored> = None;
    for stored in sessions {
        if stored.row.failed {
            continue;
        }
        if stored.row.decrypted {
            // Ids come in rising order: the first is the smallest.
            return Some(stored);
        }
        if newest
            .as_ref()
            .is_none_or(|newest| stored.row.created >= newest.row.created)
        {
            newest = Some(stored);
        }
    }
    newest
}

/// A session id that was seen, kept until a replay could not open anything any more (A19).
#[derive(Serialize, Deserialize)]
struct SeenRow {
    /// When, Unix ms.
    at: u64,
    /// Fallback key that it was made with; none for a one-time key, which is gone.
    fallback: Option<Vec<u8>>,
}

/// Whether the session was ever created here.
pub(super) fn was_seen(tx: &Tx<'_>, id: &[u8; 32]) -> Result<bool, CryptoError> {
    Ok(tx.get(Table::SeenSession, id)?.is_some())
}

/// Notes a session id, with the fallback key that it was made with, if it was one.
pub(super) fn note_seen(
    tx: &mut Tx<'_>,
    id: &[u8; 32],
    fallback: Option<&[u8; 32]>,
) -> Result<(), CryptoError> {
    let row = SeenRow {
        at: tx.now_ms,
        fallback: fallback.map(|key| key.to_vec()),
    };
    rows::store(tx, Table::SeenSession, id, &row)
}

/// A fallback key was forgotten: ids made with it can go.
pub(crate) fn forget_seen(tx: &mut Tx<'_>, fallback: &Key) -> Result<(), CryptoError> {
    for (key, row) in rows::scan::<SeenRow>(tx, Table::SeenSession, &[])? {
        if row.fallback.as_deref() == Some(&fallback.0[..]) {
            tx.delete(Table::SeenSession, &key);
        }
    }
    Ok(())
}

/// Ids made with one-time keys are kept as long as the relay may keep an item, so that a late
/// repeat is called a repeat and not a failure.
pub(crate) fn tidy_seen(tx: &mut Tx<'_>) -> Result<(), CryptoError> {
    for (key, row) in rows::scan::<SeenRow>(tx, Table::SeenSession, &[])? {
        if row.fallback.is_none() && tx.now_ms > row.at.saturating_add(limits::INBOX_MS) {
            tx.delete(Table::SeenSession, &key);
        }
    }
    Ok(())
}
