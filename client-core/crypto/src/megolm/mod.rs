//! Conversation encryption: one outbound Megolm session per (conversation, own device), numbered
//! by generation; inbound sessions per (conversation, owner device, session) (wire.md §5–§7).
//!
//! Sending, as the engine drives it:
//! 1. At Send: [`number_ready`] fixes bytes, number and predecessor; store them with the outbox.
//! 2. Connected and logs compared: [`prepare`]. Every device in `first` gets [`key_for`] through
//!    `olm::encrypt` (or [`mark_dormant`] when no session can be had); those items go to the
//!    relay, then [`encrypt`] and the message. The rest follows with [`keys_due`].
//! 3. Frame 34: nothing to do here. `stale_log`: [`refused`] for the lowest refused message,
//!    sync the log, then from 2 again with the same [`Numbered`].
//! 4. Cancelled before it was accepted: [`cancel`] gives the later ones their new numbers.
//!
//! Receiving: [`receive`] per row, mark or flash; [`void`] per frame 49; the `on_…` functions are
//! called by `dispatch` with what Olm authenticated.

mod types;

pub use types::{
    Ask, DeviceRef, Gap, Hold, Incoming, KeyOutcome, Lane, Numbered, OwnPosition, Prepared,
    Quarantine, Shown, Started, Unreadable, Verdict,
};

use chatty_protocol::conversation_log::{Cut, Meta};
use chatty_protocol::envelope::Send;
use chatty_protocol::sign::Key;
use chatty_protocol::{ConvId, DeviceId, UserId};

use crate::content::Content;
use crate::content::meta::MetaContent;
use crate::content::to_device::{
    ConvKey, ConvMeta, KeyForward, KeyRequest, ToDeviceBody, Withheld,
};
use crate::error::CryptoError;
use crate::tx::Tx;

const SOON: CryptoError = CryptoError::NotAllowed("not written yet");

/// Fixes number and predecessor of a log-lane message that is ready to be sent.
pub fn number_ready(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    content: &Content,
) -> Result<Numbered, CryptoError> {
    let _ = (tx, conv, content);
    Err(SOON)
}

/// The user cancelled a numbered message that the relay does not have: the messages queued
/// behind it (rising) get new numbers and predecessors. Replace the stored ones.
pub fn cancel(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    cancelled: &Numbered,
    queued: &[Numbered],
) -> Result<Vec<Numbered>, CryptoError> {
    let _ = (tx, conv, cancelled, queued);
    Err(SOON)
}

/// Own message numbers, as this device knows them.
pub fn own_position(tx: &Tx<'_>, conv: &ConvId) -> Result<OwnPosition, CryptoError> {
    let _ = (tx, conv);
    Err(SOON)
}

/// Makes sure that the generation which is due by wire.md §7 exists and lists who still needs
/// its key. Fails while the conversation is held, frozen, unknown or this user no member.
pub fn prepare(tx: &mut Tx<'_>, conv: &ConvId, lane: Lane) -> Result<Prepared, CryptoError> {
    let _ = (tx, conv, lane);
    Err(SOON)
}

/// Devices that still need the key of the present generation, in sharing order.
pub fn keys_due(tx: &Tx<'_>, conv: &ConvId, limit: usize) -> Result<Vec<DeviceRef>, CryptoError> {
    let _ = (tx, conv, limit);
    Err(SOON)
}

/// The conv.key of the present generation for one device, from the index at which that device
/// became entitled; notes it as given. Encrypt it with Olm in the same transaction.
pub fn key_for(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    to: &DeviceRef,
) -> Result<ToDeviceBody, CryptoError> {
    let _ = (tx, conv, to);
    Err(SOON)
}

/// The device gets no key of this generation by itself (`inbox_full`, or no Olm key could be
/// claimed); it asks the owner when it comes back.
pub fn mark_dormant(tx: &mut Tx<'_>, conv: &ConvId, to: &DeviceRef) -> Result<(), CryptoError> {
    let _ = (tx, conv, to);
    Err(SOON)
}

/// Encrypts a ready message. Commit before the bytes leave, store them with the outbox row and
/// repeat them on every retry. Fails while first recipients still need the key.
pub fn encrypt(tx: &mut Tx<'_>, conv: &ConvId, ready: &Numbered) -> Result<Send, CryptoError> {
    let _ = (tx, conv, ready);
    Err(SOON)
}

/// Encrypts a mark or a flash.
pub fn encrypt_mark(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    content: &Content,
) -> Result<Send, CryptoError> {
    let _ = (tx, conv, content);
    Err(SOON)
}

/// The relay definitely refused this message (`stale_log`, or `conflict` behind one): it and what
/// follows it will be encrypted again.
pub fn refused(tx: &mut Tx<'_>, conv: &ConvId, lowest: &Numbered) -> Result<(), CryptoError> {
    let _ = (tx, conv, lowest);
    Err(SOON)
}

/// Ends the present generation of one conversation before the next durable send.
pub fn retire(tx: &mut Tx<'_>, conv: &ConvId) -> Result<(), CryptoError> {
    let _ = (tx, conv);
    Err(SOON)
}

/// Ends the present generation of every conversation: the store was restored from a copy.
pub fn retire_all(tx: &mut Tx<'_>) -> Result<(), CryptoError> {
    let _ = tx;
    Err(SOON)
}

/// Judges one message, mark or flash by the table of wire.md §6. `drained` = as many to-device
/// items came as were waiting at connect.
pub fn receive(
    tx: &mut Tx<'_>,
    incoming: &Incoming<'_>,
    drained: bool,
) -> Result<Verdict, CryptoError> {
    let _ = (tx, incoming, drained);
    Err(SOON)
}

/// A row whose content was purged: it names its number and is no gap.
pub fn void(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    device: &DeviceId,
    dev_seq: u64,
) -> Result<(), CryptoError> {
    let _ = (tx, conv, device, dev_seq);
    Err(SOON)
}

/// Gaps that are older than a minute; ask while in sync.
pub fn gaps(tx: &Tx<'_>, conv: &ConvId) -> Result<Vec<Gap>, CryptoError> {
    let _ = (tx, conv);
    Err(SOON)
}

/// The newest position of every device of a user, for a leave, removal or rotate. Empty
/// positions are left out.
pub fn cuts_for(tx: &Tx<'_>, conv: &ConvId, user: &UserId) -> Result<Vec<Cut>, CryptoError> {
    let _ = (tx, conv, user);
    Err(SOON)
}

/// The next step for a session key that did not come: the owner is asked, then own full devices.
pub fn request_key(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    owner: &DeviceRef,
    session: &Key,
) -> Result<Ask, CryptoError> {
    let _ = (tx, conv, owner, session);
    Err(SOON)
}

/// Type 1 from `from`.
pub fn on_conv_key(
    tx: &mut Tx<'_>,
    from: &DeviceRef,
    body: &ConvKey,
) -> Result<KeyOutcome, CryptoError> {
    let _ = (tx, from, body);
    Err(SOON)
}

/// Type 2 from `from`: its own sessions only.
pub fn on_withheld(
    tx: &mut Tx<'_>,
    from: &DeviceRef,
    body: &Withheld,
) -> Result<KeyOutcome, CryptoError> {
    let _ = (tx, from, body);
    Err(SOON)
}

/// Type 3 from `from`.
pub fn on_conv_meta(
    tx: &mut Tx<'_>,
    from: &DeviceRef,
    body: &ConvMeta,
) -> Result<KeyOutcome, CryptoError> {
    let _ = (tx, from, body);
    Err(SOON)
}

/// Type 4 from `from`: the answer to send back, if one is due.
pub fn on_key_request(
    tx: &mut Tx<'_>,
    from: &DeviceRef,
    body: &KeyRequest,
) -> Result<Option<ToDeviceBody>, CryptoError> {
    let _ = (tx, from, body);
    Err(SOON)
}

/// Type 5 from `from`.
pub fn on_key_forward(
    tx: &mut Tx<'_>,
    from: &DeviceRef,
    body: &KeyForward,
) -> Result<KeyOutcome, CryptoError> {
    let _ = (tx, from, body);
    Err(SOON)
}

/// Encrypts title and description for the entry that will have number `log_seq`. The answer says
/// whether the key is new: then every recipient device gets [`meta_key`] after the entry stands.
pub fn seal_meta(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    log_seq: u64,
    content: &MetaContent,
) -> Result<(Meta, bool), CryptoError> {
    let _ = (tx, conv, log_seq, content);
    Err(SOON)
}

/// Opens the meta entry with number `log_seq`; `None` while its key is not here.
pub fn open_meta(
    tx: &Tx<'_>,
    conv: &ConvId,
    log_seq: u64,
    meta: &Meta,
) -> Result<Option<MetaContent>, CryptoError> {
    let _ = (tx, conv, log_seq, meta);
    Err(SOON)
}

/// The conv.meta (type 3) with the newest meta key, for invited users and after a new title.
pub fn meta_key(tx: &Tx<'_>, conv: &ConvId) -> Result<Option<ToDeviceBody>, CryptoError> {
    let _ = (tx, conv);
    Err(SOON)
}
