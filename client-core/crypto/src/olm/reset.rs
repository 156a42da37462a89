//! Starting a pair anew after something could not be decrypted (A20).

use chatty_protocol::codec::Fixed;

use super::{Peer, pair, session};
use crate::content::to_device::{OlmReset, ToDeviceBody};
use crate::error::CryptoError;
use crate::tx::Tx;

/// Gives up `failed` and returns the body to send on a new session, if the pair may be reset
/// now (1 per hour, 5 per day). The caller claims a key, makes the session and encrypts it.
pub fn reset(
    tx: &mut Tx<'_>,
    peer: &Peer,
    failed: [u8; 32],
) -> Result<Option<ToDeviceBody>, CryptoError> {
    let mut counters = pair::load(tx, &peer.device)?;
    if counters.cloned_at.is_some() || !pair::take_reset(&mut counters.resets_sent, tx.now_ms) {
        return Ok(None);
    }
    pair::store(tx, &peer.device, &counters)?;
    give_up(tx, peer, &failed)?;
    Ok(Some(ToDeviceBody::OlmReset(OlmReset {
        session: Fixed(failed),
        last_ctr: counters.newest,
    })))
}

/// The peer gave up a session. Returns whether it is to be served: its lost keys given again.
/// Never more than the limits, whoever asks, and never any secret.
pub fn heard_reset(tx: &mut Tx<'_>, peer: &Peer, body: &OlmReset) -> Result<bool, CryptoError> {
    let mut counters = pair::load(tx, &peer.device)?;
    if !pair::take_reset(&mut counters.resets_heard, tx.now_ms) {
        return Ok(false);
    }
    pair::store(tx, &peer.device, &counters)?;
    give_up(tx, peer, &body.session.0)?;
    Ok(true)
}

/// Stops sending on a session. Only the first 8 bytes are sure to be known: an unreadable
/// message shows no more.
fn give_up(tx: &mut Tx<'_>, peer: &Peer, failed: &[u8; 32]) -> Result<(), CryptoError> {
    for mut stored in session::all(tx, &peer.device)? {
        if stored.id[..8] == failed[..8] {
            stored.row.failed = true;
            session::store(tx, &peer.device, &stored.id, &stored.row)?;
        }
    }
    Ok(())
}
