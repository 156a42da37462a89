//! New sessions from claimed keys (A16, A24).

use chatty_protocol::codec::DecodeError;
use chatty_protocol::limits;
use chatty_protocol::prekey::{self, KeyRecord};
use chatty_protocol::sign::Signed;
use serde::{Deserialize, Serialize};
use vodozemac::Curve25519PublicKey;
use vodozemac::olm::SessionConfig;

use super::{Peer, peer_keys, session};
use crate::error::CryptoError;
use crate::tx::Tx;
use crate::view::Table;
use crate::{identity, keys, rows};

/// Why a claimed key is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// The relay gave no key.
    #[error("no key was given")]
    NoKey,
    /// Not a key record that this device signed for this purpose.
    #[error(transparent)]
    Record(#[from] DecodeError),
    /// The device's own identity key, one of ours, or a key without a secret (low order).
    #[error("key refused: {0}")]
    Unsafe(&'static str),
    /// This device itself.
    #[error("no session with oneself")]
    Oneself,
    /// Store or state.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}

/// A claimed key until its first message was accepted.
#[derive(Serialize, Deserialize)]
struct ClaimedRow {
    session: Vec<u8>,
    at: u64,
}

/// Devices of the list without a usable session. A claimed key whose messages the relay never
/// accepted for seven days is dropped here and claimed anew.
pub fn missing_sessions(tx: &mut Tx<'_>, peers: &[Peer]) -> Result<Vec<Peer>, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let mut missing = Vec::new();
    for peer in peers.iter().filter(|peer| peer.device != own.device) {
        drop_stale_claim(tx, peer)?;
        if session::pick(session::all(tx, &peer.device)?).is_none() {
            missing.push(*peer);
        }
    }
    Ok(missing)
}

fn drop_stale_claim(tx: &mut Tx<'_>, peer: &Peer) -> Result<(), CryptoError> {
    let key = peer.device.as_bytes();
    let Some(row) = rows::load::<ClaimedRow>(tx, Table::Claimed, key)? else {
        return Ok(());
    };
    if tx.now_ms <= row.at.saturating_add(limits::CLAIMED_KEY_MS) {
        return Ok(());
    }
    tx.delete(Table::Claimed, key);
    if let Ok(id) = row.session.as_slice().try_into()
        && session::load(tx, &peer.device, id)?.is_some_and(|row| !row.decrypted)
    {
        session::remove(tx, &peer.device, id);
    }
    Ok(())
}

/// The relay accepted a message to this device: its claimed key did its work.
pub fn accepted(tx: &mut Tx<'_>, peer: &Peer) {
    tx.delete(Table::Claimed, peer.device.as_bytes());
}

/// Checks a claimed key record of `peer` and makes a session with it.
pub fn claimed(tx: &mut Tx<'_>, peer: &Peer, record: Option<&[u8]>) -> Result<(), ClaimError> {
    let own = identity::own_or_fail(tx)?;
    if peer.device == own.device {
        return Err(ClaimError::Oneself);
    }
    let bytes = record.ok_or(ClaimError::NoKey)?;
    let theirs = peer_keys(tx, peer)?;
    let signed: Signed<KeyRecord> = Signed::from_bytes(bytes)?;
    let record = prekey::check(&signed, &peer.user, &peer.device, &theirs.ed25519)?;
    let public: [u8; 32] = record
        .public
        .0
        .try_into()
        .map_err(|_| ClaimError::Unsafe("wrong length"))?;
    if public == theirs.curve25519.0 {
        return Err(ClaimError::Unsafe("one-time key is the identity key"));
    }
    let public = chatty_protocol::codec::Fixed(public);
    if theirs.curve25519 == own.curve25519 || public == own.curve25519 || keys::is_own(tx, &public)?
    {
        return Err(ClaimError::Unsafe("a key of this device"));
    }
    let account = identity::row::account(tx)?;
    let session = account
        .create_outbound_session(
            SessionConfig::version_1(),
            Curve25519PublicKey::from_bytes(theirs.curve25519.0),
            Curve25519PublicKey::from_bytes(public.0),
        )
        .map_err(|_| ClaimError::Unsafe("low-order key"))?;
    let id = session::add(tx, &peer.device, &session, false)?;
    let row = ClaimedRow {
        session: id.to_vec(),
        at: tx.now_ms,
    };
    rows::store(tx, Table::Claimed, peer.device.as_bytes(), &row)?;
    Ok(())
}
