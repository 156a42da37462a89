//! One to-device item.

use chatty_protocol::codec::{Any, Bytes, Ext, Fixed, V1, encode};
use chatty_protocol::envelope::{ITEM_EXT_WAKE, ITEM_NORMAL, ITEM_PRE_KEY, Item};
use chatty_protocol::{DeviceId, SUITE_1, limits};
use vodozemac::olm::{OlmMessage, Session};

use super::{Payload, Peer, bind, keys_in, own_keys, pair, session};
use crate::content::to_device::ToDeviceBody;
use crate::device_log;
use crate::error::CryptoError;
use crate::identity;
use crate::padding;
use crate::tx::Tx;

/// What an item may ask of the recipient's relay: to wake a sleeping device. Only call
/// signalling between accepted contacts uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// A call rings.
    Ring,
    /// It stopped ringing.
    RingOver,
}

/// Whether two devices were seen to write under this device's identity; nothing is sent to it
/// until its account revokes it.
pub fn is_cloned(tx: &Tx<'_>, device: &DeviceId) -> Result<bool, CryptoError> {
    Ok(pair::load(tx, device)?.cloned_at.is_some())
}

/// When something of this device was last decrypted, Unix ms by the own clock; 0 = never.
pub fn last_heard(tx: &Tx<'_>, device: &DeviceId) -> Result<u64, CryptoError> {
    Ok(pair::load(tx, device)?.heard)
}

/// Encrypts a body to one device. The item must be committed before it leaves and repeated byte
/// for byte; `expires_ms` is when relay and recipient stop caring, Unix ms.
pub fn encrypt(
    tx: &mut Tx<'_>,
    peer: &Peer,
    body: &ToDeviceBody,
    expires_ms: u64,
    wake: Option<Wake>,
) -> Result<Item, CryptoError> {
    let own = identity::require_live(tx)?;
    if !own.pins_stored && peer.user != own.user {
        return Err(CryptoError::NotAllowed("pins are not stored yet"));
    }
    let log = device_log::get_or_fail(tx, &peer.user)?;
    let theirs = keys_in(&log, peer)?;
    let expired = log
        .live(&peer.device)
        .is_none_or(|record| device_log::is_expired(record, tx.now_ms));
    if expired {
        return Err(CryptoError::NotAllowed("the device has expired"));
    }
    let mut counters = pair::load(tx, &peer.device)?;
    if counters.cloned_at.is_some() {
        return Err(CryptoError::NotAllowed("the device was cloned"));
    }
    let picked = session::pick(session::all(tx, &peer.device)?)
        .ok_or(CryptoError::NoSession(peer.device))?;
    let mut row = picked.row;
    let mut ratchet = Session::from_pickle(row.pickle);
    counters.sent += 1;
    counters.suite = counters.suite.max(SUITE_1);
    let id = Fixed(tx.random::<16>());
    let payload = Payload {
        version: V1,
        bind: bind(&own_keys(&own), &theirs),
        // A pre-key message introduces its sender.
        cert: (!ratchet.has_received_message()).then(|| Bytes(own.cert.to_bytes())),
        kind: body.kind(),
        pair_ctr: counters.sent,
        id,
        expires: expires_ms,
        body: body.to_body(),
        ext: Ext::default(),
    };
    let padded = padding::pad(&encode(&payload))?;
    let message = ratchet
        .encrypt(&padded)
        .map_err(|_| CryptoError::Refused("peer key without contribution"))?;
    row.pickle = ratchet.pickle();
    row.used = tx.now_ms;
    session::store(tx, &peer.device, &picked.id, &row)?;
    pair::store(tx, &peer.device, &counters)?;
    let item = Item {
        id,
        to: peer.device,
        suite: SUITE_1,
        kind: match message {
            OlmMessage::PreKey(_) => ITEM_PRE_KEY,
            OlmMessage::Normal(_) => ITEM_NORMAL,
        },
        hint: Fixed(hint_of(&picked.id)),
        olm: Bytes(message.to_parts().1),
        expires: expires_ms,
        ext: wake_ext(wake),
    };
    if encode(&item).len() > limits::ITEM_BYTES {
        return Err(CryptoError::NotAllowed("item too large"));
    }
    Ok(item)
}

/// First 8 bytes of a session id.
pub(super) fn hint_of(id: &[u8; 32]) -> [u8; 8] {
    let mut hint = [0; 8];
    hint.copy_from_slice(&id[..8]);
    hint
}

fn wake_ext(wake: Option<Wake>) -> Ext {
    let mut ext = Ext::default();
    if let Some(wake) = wake {
        let number: u64 = match wake {
            Wake::Ring => 1,
            Wake::RingOver => 2,
        };
        ext.0.insert(ITEM_EXT_WAKE, Any(encode(&number)));
    }
    ext
}
