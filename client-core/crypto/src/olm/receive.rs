//! One item from the relay, in the order of protocol.md §11.

use chatty_protocol::certificate::{self, Certificate};
use chatty_protocol::codec::{DecodeError, Fixed, decode_exact};
use chatty_protocol::envelope::{ITEM_NORMAL, ITEM_PRE_KEY, Item};
use chatty_protocol::frame::TdItem;
use chatty_protocol::sign::{Signed, sha256};
use chatty_protocol::{SUITE_1, curve, limits};
use vodozemac::Curve25519PublicKey;
use vodozemac::olm::{Account, OlmMessage, PreKeyMessage, Session, SessionConfig};

use super::encrypt::hint_of;
use super::session::{self, Stored};
use super::window::{self, Counter};
use super::{PairKeys, PairRow, Payload, Peer, bind, own_keys, pair};
use crate::content::to_device::ToDeviceBody;
use crate::error::CryptoError;
use crate::identity::{self, Own};
use crate::tx::Tx;
use crate::view::Table;
use crate::{device_log, keys, padding};

/// A decrypted and authenticated body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Proven sender.
    pub from: Peer,
    /// What was sent.
    pub body: ToDeviceBody,
    /// Whether it began a new session, which a contact acknowledges (type 7).
    pub new_session: bool,
}

/// Why an item was dropped without harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ignored {
    /// For another device.
    NotForUs,
    /// Made by a newer program.
    NeedsUpdate,
    /// The sender is in no device log, or was revoked.
    NotLive,
    /// Known already.
    Repeat,
    /// Past its time.
    Expired,
    /// Decrypted, but bound to other devices or ids, without certificate, or not canonical:
    /// never shown, never acted on (A9, A15).
    Misbound,
}

/// A failure that was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Whose item it was.
    pub from: Peer,
    /// Session that failed, as far as it is known: pass it to [`reset`](super::reset).
    pub session: [u8; 32],
}

/// What became of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OlmOutcome {
    /// Act on the body; commit first, acknowledge after.
    Body(Box<Opened>),
    /// Acknowledge and forget.
    Ignored(Ignored),
    /// Keep it and try again later: too many failures of this device in the last minute (A31), or
    /// too many sessions that it began.
    Park,
    /// Fetch this user's device log, then give the item again.
    NeedLog(chatty_protocol::UserId),
    /// Could not be decrypted; acknowledge, then perhaps reset the pair.
    Failed(Failure),
    /// Two devices write under the sender's identity: nothing is sent to it any more.
    CloneAlarm(Peer),
}

/// Decrypts an item and checks who sent it. `log_fresh`: the sender's device log was compared
/// with the relay since the connect, so an unknown device is really unknown. Commit the
/// transaction whatever the outcome is, and drop it on `Err`.
pub fn receive(tx: &mut Tx<'_>, item: &TdItem, log_fresh: bool) -> Result<OlmOutcome, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let from = Peer {
        user: item.user,
        device: item.device,
    };
    let mut counters = pair::load(tx, &from.device)?;
    if item.item.to != own.device {
        return Ok(OlmOutcome::Ignored(Ignored::NotForUs));
    }
    if item.item.suite != SUITE_1 || item.item.suite < counters.suite {
        return Ok(OlmOutcome::Ignored(Ignored::NeedsUpdate));
    }
    let Some(theirs) = live_keys(tx, &from)? else {
        let known_gone = device_log::get(tx, &from.user)?
            .is_some_and(|log| log.devices.contains_key(&from.device));
        return Ok(if log_fresh || known_gone {
            OlmOutcome::Ignored(Ignored::NotLive)
        } else {
            OlmOutcome::NeedLog(from.user)
        });
    };
    if counters.exhausted(tx.now_ms) {
        return Ok(OlmOutcome::Park);
    }
    match open(tx, &own, &theirs, &item.item, &counters)? {
        Open::Over => Ok(OlmOutcome::Park),
        Open::Repeat => Ok(OlmOutcome::Ignored(Ignored::Repeat)),
        Open::Failed(session) => {
            // A repeat of what was taken is no failure of the sender's.
            if window::took(tx, &from.device, &item.item.id.0)? {
                return Ok(OlmOutcome::Ignored(Ignored::Repeat));
            }
            counters.failed(tx.now_ms);
            pair::store(tx, &from.device, &counters)?;
            Ok(OlmOutcome::Failed(Failure { from, session }))
        }
        Open::Done(opened) => authenticate(tx, &own, &theirs, &item.item, counters, *opened),
    }
}

fn live_keys(tx: &Tx<'_>, from: &Peer) -> Result<Option<PairKeys>, CryptoError> {
    match super::peer_keys(tx, from) {
        Ok(keys) => Ok(Some(keys)),
        Err(CryptoError::UnknownUser(_) | CryptoError::UnknownDevice(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A message that some ratchet opened; nothing of it is written yet.
struct Decrypted {
    session: Session,
    id: [u8; 32],
    plaintext: Vec<u8>,
    /// For a new session: the account whose key was used, and that key.
    created: Option<(Account, [u8; 32])>,
    stored: Option<session::SessionRow>,
}

enum Open {
    Repeat,
    /// The sender began too many sessions lately.
    Over,
    Failed([u8; 32]),
    Done(Box<Decrypted>),
}

/// Decrypts in memory. On any failure the ratchet in memory is dropped with this frame (A26).
fn open(
    tx: &Tx<'_>,
    own: &Own,
    theirs: &PairKeys,
    item: &Item,
    counters: &PairRow,
) -> Result<Open, CryptoError> {
    let mut guess = [0; 32];
    guess[..8].copy_from_slice(&item.hint.0);
    let kind = match item.kind {
        ITEM_PRE_KEY => 0,
        ITEM_NORMAL => 1,
        _ => return Ok(Open::Failed(guess)),
    };
    match OlmMessage::from_parts(kind, &item.olm.0) {
        Ok(OlmMessage::PreKey(message)) => open_pre_key(tx, own, theirs, &message, counters),
        Ok(OlmMessage::Normal(message)) => {
            let mut sessions = session::all(tx, &theirs.peer.device)?;
            sessions.sort_by_key(|stored| hint_of(&stored.id) != item.hint.0);
            let message = OlmMessage::Normal(message);
            for stored in sessions {
                if let Some(done) = try_session(stored, &message) {
                    return Ok(Open::Done(Box::new(done)));
                }
            }
            Ok(Open::Failed(guess))
        }
        Err(_) => Ok(Open::Failed(guess)),
    }
}

fn try_session(stored: Stored, message: &OlmMessage) -> Option<Decrypted> {
    let Stored { id, row } = stored;
    let session::SessionRow {
        pickle,
        created,
        used,
        decrypted,
        failed,
    } = row;
    let mut ratchet = Session::from_pickle(pickle);
    let plaintext = ratchet.decrypt(message).ok()?;
    Some(Decrypted {
        id,
        plaintext,
        created: None,
        stored: Some(session::SessionRow {
            pickle: ratchet.pickle(),
            created,
            used,
            decrypted,
            failed,
        }),
        session: ratchet,
    })
}

fn open_pre_key(
    tx: &Tx<'_>,
    own: &Own,
    theirs: &PairKeys,
    message: &PreKeyMessage,
    counters: &PairRow,
) -> Result<Open, CryptoError> {
    let id = session::raw_id(&message.session_id())?;
    if let Some(row) = session::load(tx, &theirs.peer.device, &id)? {
        let message = OlmMessage::PreKey(message.clone());
        return Ok(match try_session(Stored { id, row }, &message) {
            Some(done) => Open::Done(Box::new(done)),
            None => Open::Failed(id),
        });
    }
    if session::was_seen(tx, &id)? {
        return Ok(Open::Repeat);
    }
    let keys = [message.base_key(), message.message().ratchet_key()];
    let weak = keys
        .iter()
        .any(|key| curve::is_weak(&Fixed(key.to_bytes())));
    if weak || message.identity_key().to_bytes() == own.curve25519.0 {
        return Ok(Open::Failed(id));
    }
    if pair::session_fits(counters.begun_until, tx.now_ms).is_none() {
        return Ok(Open::Over);
    }
    let mut account = identity::row::account(tx)?;
    let identity = Curve25519PublicKey::from_bytes(theirs.curve25519.0);
    let config = SessionConfig::version_1();
    Ok(
        match account.create_inbound_session(config, identity, message) {
            Err(_) => Open::Failed(id),
            Ok(made) => Open::Done(Box::new(Decrypted {
                session: made.session,
                id,
                plaintext: made.plaintext,
                created: Some((account, message.one_time_key().to_bytes())),
                stored: None,
            })),
        },
    )
}

/// The key that a new session was made with opens no other one.
fn use_up(
    tx: &mut Tx<'_>,
    account: &Account,
    key: &[u8; 32],
    session: &[u8; 32],
) -> Result<(), CryptoError> {
    identity::row::store_account(tx, account)?;
    let fallback = keys::consumed(tx, key)?;
    session::note_seen(tx, session, fallback.then_some(key))
}

/// Checks the payload and writes everything that follows from the decryption.
fn authenticate(
    tx: &mut Tx<'_>,
    own: &Own,
    theirs: &PairKeys,
    item: &Item,
    mut counters: PairRow,
    opened: Decrypted,
) -> Result<OlmOutcome, CryptoError> {
    let from = theirs.peer;
    let new_session = opened.created.is_some();
    if let Some((account, key)) = &opened.created {
        use_up(tx, account, key, &opened.id)?;
        let until = pair::session_fits(counters.begun_until, tx.now_ms);
        counters.begun_until = until.unwrap_or(counters.begun_until);
    }
    let bound = read(own, theirs, item, &opened.plaintext);
    // A session whose first message is bound to others is not kept; its key stays used up.
    if bound.is_ok() || !new_session {
        keep_session(
            tx,
            &from,
            opened.session,
            opened.id,
            opened.stored,
            bound.is_ok(),
        )?;
    }
    let payload = match bound {
        Ok(payload) => payload,
        Err(DecodeError::NeedsUpdate(_)) => {
            return Ok(OlmOutcome::Ignored(Ignored::NeedsUpdate));
        }
        Err(DecodeError::Malformed(_)) => return Ok(OlmOutcome::Ignored(Ignored::Misbound)),
    };
    let digest = sha256(&opened.plaintext);
    let counter = window::judge(
        tx,
        &from.device,
        &mut counters,
        payload.pair_ctr,
        &digest,
        &payload.id.0,
    )?;
    counters.failures.clear();
    counters.heard = tx.now_ms;
    counters.suite = SUITE_1;
    if counter == Counter::Clash {
        counters.cloned_at.get_or_insert(tx.now_ms);
    }
    pair::store(tx, &from.device, &counters)?;
    tx.delete(Table::Claimed, from.device.as_bytes());
    match counter {
        Counter::Repeat => return Ok(OlmOutcome::Ignored(Ignored::Repeat)),
        Counter::Clash => return Ok(OlmOutcome::CloneAlarm(from)),
        Counter::Fresh => {}
    }
    // Clocks may be a day apart; only what is clearly over is dropped.
    if tx.now_ms > payload.expires.saturating_add(limits::EXPIRY_GRACE_MS) {
        return Ok(OlmOutcome::Ignored(Ignored::Expired));
    }
    match ToDeviceBody::from_body(payload.kind, &payload.body) {
        Ok(body) => Ok(OlmOutcome::Body(Box::new(Opened {
            from,
            body,
            new_session,
        }))),
        Err(DecodeError::NeedsUpdate(_)) => Ok(OlmOutcome::Ignored(Ignored::NeedsUpdate)),
        Err(DecodeError::Malformed(_)) => Ok(OlmOutcome::Ignored(Ignored::Misbound)),
    }
}

fn keep_session(
    tx: &mut Tx<'_>,
    from: &Peer,
    ratchet: Session,
    id: [u8; 32],
    stored: Option<session::SessionRow>,
    sound: bool,
) -> Result<(), CryptoError> {
    match stored {
        None => session::add(tx, &from.device, &ratchet, true).map(|_| ()),
        Some(mut row) => {
            row.used = tx.now_ms;
            if sound {
                row.decrypted = true;
                row.failed = false;
            }
            session::store(tx, &from.device, &id, &row)
        }
    }
}

/// Padding, canonical form, binding, certificate and ids of a payload.
fn read(
    own: &Own,
    theirs: &PairKeys,
    item: &Item,
    plaintext: &[u8],
) -> Result<Payload, DecodeError> {
    let payload: Payload = decode_exact(padding::unpad(plaintext)?)?;
    if payload.ext.has_critical() {
        return Err(DecodeError::NeedsUpdate("payload extension"));
    }
    if payload.bind != bind(theirs, &own_keys(own)) {
        return Err(DecodeError::Malformed("bound to other devices"));
    }
    match &payload.cert {
        None if item.kind == ITEM_PRE_KEY => {
            return Err(DecodeError::Malformed("no certificate"));
        }
        None => {}
        Some(bytes) => {
            let signed: Signed<Certificate> = Signed::from_bytes(&bytes.0)?;
            let checked = certificate::check(&signed)?;
            let inner = &checked.certificate;
            let same = checked.device == theirs.peer.device
                && inner.user == theirs.peer.user
                && inner.ed25519 == theirs.ed25519
                && inner.curve25519 == theirs.curve25519;
            if !same {
                return Err(DecodeError::Malformed("certificate of another device"));
            }
        }
    }
    if payload.id != item.id || payload.expires != item.expires {
        return Err(DecodeError::Malformed("envelope of another payload"));
    }
    Ok(payload)
}
