//! Entries of the own device log.

use chatty_protocol::DeviceId;
use chatty_protocol::codec::{Ext, Fixed, encode};
use chatty_protocol::device_log::{DeviceEntry, DeviceLog, DeviceOp, aik_accept_bytes};
use chatty_protocol::sign::{SignContext, Signed, message_to_sign};

use crate::error::CryptoError;
use crate::identity;
use crate::recovery::RecoverySecret;
use crate::tx::Tx;

/// A signed entry for `POST /users/me/log`. It counts, here too, only after
/// [`apply_page`](super::apply_page) took it with the relay's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnEntry {
    /// Signed bytes.
    pub bytes: Vec<u8>,
    /// Its number: `expect_seq`.
    pub seq: u64,
}

/// Signs an operation with this device's key, on top of the pinned head. What the rule would
/// refuse is refused here already.
pub fn own_entry(tx: &mut Tx<'_>, op: DeviceOp) -> Result<OwnEntry, CryptoError> {
    let own = identity::require_live(tx)?;
    let log = super::get_or_fail(tx, &own.user)?;
    let inner = inner_of(tx, &log, op, Some(own.device));
    let signature = identity::sign(tx, SignContext::DeviceLog, &inner)?;
    checked(log, inner, signature)
}

/// Signs an operation with the AIK, while the user has typed the recovery key.
pub fn aik_entry(
    tx: &mut Tx<'_>,
    recovery: &RecoverySecret,
    op: DeviceOp,
) -> Result<OwnEntry, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let log = super::get_or_fail(tx, &own.user)?;
    let inner = inner_of(tx, &log, op, None);
    let message = message_to_sign(SignContext::DeviceLog, &inner);
    let signature = recovery.aik().sign(&message).to_bytes();
    checked(log, inner, signature)
}

/// A new recovery key: `rotate-aik`, signed by the old AIK and accepted by the new one.
pub fn rotate_aik_entry(
    tx: &mut Tx<'_>,
    old: &RecoverySecret,
    new: &RecoverySecret,
) -> Result<OwnEntry, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let log = super::get_or_fail(tx, &own.user)?;
    let accept = aik_accept_bytes(&own.user, log.head.seq + 1);
    let new = new.aik();
    let op = DeviceOp::RotateAik {
        aik: Fixed(*new.public_key().as_bytes()),
        accept: new
            .sign(&message_to_sign(SignContext::AikAccept, &accept))
            .to_bytes(),
    };
    aik_entry(tx, old, op)
}

fn inner_of(tx: &Tx<'_>, log: &DeviceLog, op: DeviceOp, signer: Option<DeviceId>) -> Vec<u8> {
    let after = match &op {
        // A new start follows its base, which need not be the head.
        DeviceOp::Recover { base, .. } => *base,
        _ => log.head,
    };
    encode(&DeviceEntry {
        user: log.user,
        seq: after.seq + 1,
        prev: after.hash,
        op,
        time: tx.now_ms,
        signer,
        ext: Ext::default(),
    })
}

fn checked(
    mut log: DeviceLog,
    inner: Vec<u8>,
    signature: [u8; 64],
) -> Result<OwnEntry, CryptoError> {
    let signed: Signed<DeviceEntry> = Signed::from_parts(inner, signature);
    let seq = signed.open()?.seq;
    log.apply(&signed)?;
    Ok(OwnEntry {
        bytes: signed.to_bytes(),
        seq,
    })
}
