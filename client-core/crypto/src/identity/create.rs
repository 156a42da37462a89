//! A new account, and a new device of an existing one.

use chatty_protocol::certificate::Certificate;
use chatty_protocol::codec::{Ext, Fixed, V1, encode};
use chatty_protocol::device_log::{Class, DeviceEntry, DeviceOp};
use chatty_protocol::sign::{SignContext, Signed, ZERO_HASH, message_to_sign};
use chatty_protocol::{DeviceId, SUITE_1, UserId};
use vodozemac::olm::Account;

use super::row::{self, IdentityRow};
use crate::device_log;
use crate::error::CryptoError;
use crate::recovery::RecoverySecret;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// What sign-up sends to the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// The account.
    pub user: UserId,
    /// This device, the account's first.
    pub device: DeviceId,
    /// Signed device-log entry `init`.
    pub init_entry: Vec<u8>,
}

/// Makes a new account on the relay at `origin`: identity keys, certificate and the `init`
/// entry, signed by the AIK. The recovery secret stays stored until
/// [`confirm_recovery`](super::confirm_recovery).
pub fn create(
    tx: &mut Tx<'_>,
    origin: &str,
    recovery: &RecoverySecret,
) -> Result<NewAccount, CryptoError> {
    let aik = recovery.aik();
    let public = Fixed(*aik.public_key().as_bytes());
    let user = UserId::of_aik(&public);
    let (device, cert) = make_device(tx, origin, user, true)?;
    let entry = DeviceEntry {
        user,
        seq: 0,
        prev: ZERO_HASH,
        op: DeviceOp::Init {
            aik: public,
            cert,
            class: Class::Full,
        },
        time: tx.now_ms,
        signer: None,
        ext: Ext::default(),
    };
    let inner = encode(&entry);
    let signature = aik
        .sign(&message_to_sign(SignContext::DeviceLog, &inner))
        .to_bytes();
    let init_entry = Signed::<DeviceEntry>::from_parts(inner, signature).to_bytes();
    rows::store(tx, Table::Own, row::RECOVERY, &recovery.as_bytes().to_vec())?;
    device_log::apply_page(tx, &user, std::slice::from_ref(&init_entry))?;
    Ok(NewAccount {
        user,
        device,
        init_entry,
    })
}

/// Makes the keys and the certificate of a new device of `user`, which then waits for approval
/// by a full device (protocol.md §18). Returns its id; its certificate is in [`own`](super::own).
pub fn new_device(tx: &mut Tx<'_>, origin: &str, user: UserId) -> Result<DeviceId, CryptoError> {
    make_device(tx, origin, user, false).map(|(device, _)| device)
}

fn make_device(
    tx: &mut Tx<'_>,
    origin: &str,
    user: UserId,
    first: bool,
) -> Result<(DeviceId, Signed<Certificate>), CryptoError> {
    if row::load(tx)?.is_some() {
        return Err(CryptoError::IdentityExists);
    }
    let origin = chatty_protocol::origin::canonical(origin)
        .map_err(|_| CryptoError::NotAllowed("not a relay origin"))?;
    let account = Account::new();
    let certificate = Certificate {
        version: V1,
        suite: SUITE_1,
        user,
        ed25519: Fixed(*account.ed25519_key().as_bytes()),
        curve25519: Fixed(account.curve25519_key().to_bytes()),
        created: tx.now_ms,
        suites: vec![SUITE_1],
        ext: Ext::default(),
    };
    let inner = encode(&certificate);
    let device = DeviceId::of_certificate(&inner);
    let signature = account.sign(message_to_sign(SignContext::DeviceCert, &inner));
    let cert = Signed::from_parts(inner, signature.to_bytes());
    row::store_account(tx, &account)?;
    row::store(
        tx,
        &IdentityRow {
            cert: cert.clone(),
            origin,
            pins_stored: first,
        },
    )?;
    Ok((device, cert))
}
