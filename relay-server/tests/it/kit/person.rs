//! People with real keys: account, devices, device log. Seeds make bytes repeat.

use std::sync::atomic::{AtomicU64, Ordering};

use chatty_protocol::certificate::Certificate;
use chatty_protocol::codec::{Ext, Fixed, V1, encode};
use chatty_protocol::device_log::{Class, DeviceEntry, DeviceLog, DeviceOp};
use chatty_protocol::sign::{Key, SignContext, Signed, ZERO_HASH, message_to_sign};
use chatty_protocol::{DeviceId, SUITE_1, UserId};
use ed25519_dalek::{Signer, SigningKey};

/// Keys are numbered through the whole test process.
static NEXT_SEED: AtomicU64 = AtomicU64::new(1);

/// A fresh key.
pub fn fresh_key() -> SigningKey {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&NEXT_SEED.fetch_add(1, Ordering::Relaxed).to_le_bytes());
    SigningKey::from_bytes(&seed)
}

pub fn public(key: &SigningKey) -> Key {
    Fixed(key.verifying_key().to_bytes())
}

/// Bytes that the relay takes for an X25519 key; a real one has no top bit.
pub fn agreement_key() -> Key {
    let mut key = public(&fresh_key());
    key.0[31] &= 0x7f;
    key
}

pub fn sign<T>(key: &SigningKey, context: SignContext, inner: Vec<u8>) -> Signed<T> {
    let signature = key.sign(&message_to_sign(context, &inner)).to_bytes();
    Signed::from_parts(inner, signature)
}

/// A device with its session at the relay, once it has one.
#[derive(Clone)]
pub struct Device {
    pub key: SigningKey,
    pub cert: Signed<Certificate>,
    pub id: DeviceId,
    pub user: UserId,
    pub access_token: String,
    pub refresh_token: String,
    pub sid: String,
}

impl Device {
    pub fn new(user: UserId) -> Self {
        let key = fresh_key();
        let certificate = Certificate {
            version: V1,
            suite: SUITE_1,
            user,
            ed25519: public(&key),
            curve25519: agreement_key(),
            created: 1_700_000_000_000,
            suites: vec![SUITE_1],
            ext: Ext::default(),
        };
        let cert = sign(&key, SignContext::DeviceCert, encode(&certificate));
        Self {
            id: DeviceId::of_certificate(cert.inner()),
            key,
            cert,
            user,
            access_token: String::new(),
            refresh_token: String::new(),
            sid: String::new(),
        }
    }
}

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery staple";

/// A person with an AIK, devices and a verified log.
#[derive(Clone)]
pub struct Person {
    pub handle: String,
    pub aik: SigningKey,
    pub user: UserId,
    pub devices: Vec<Device>,
    pub log: DeviceLog,
    pub entries: Vec<Signed<DeviceEntry>>,
}

impl Person {
    /// Keys only; the relay does not know the person yet.
    pub fn new(handle: &str) -> Self {
        let aik = fresh_key();
        let user = UserId::of_aik(&public(&aik));
        let first = Device::new(user);
        let op = DeviceOp::Init {
            aik: public(&aik),
            cert: first.cert.clone(),
            class: Class::Full,
        };
        let entry = device_entry(user, 0, ZERO_HASH, op, None);
        let signed = sign(&aik, SignContext::DeviceLog, encode(&entry));
        Self {
            handle: handle.to_owned(),
            aik,
            user,
            devices: vec![first],
            log: DeviceLog::init(&signed).unwrap(),
            entries: vec![signed],
        }
    }

    /// The first device.
    pub fn first(&self) -> &Device {
        &self.devices[0]
    }

    /// Signs `op` on top of the present head; `by` is a device index or none for the AIK.
    pub fn signed(&self, op: DeviceOp, by: Option<usize>) -> Signed<DeviceEntry> {
        let head = self.log.head;
        let signer = by.map(|index| self.devices[index].id);
        let entry = device_entry(self.user, head.seq + 1, head.hash, op, signer);
        let key = by.map_or(&self.aik, |index| &self.devices[index].key);
        sign(key, SignContext::DeviceLog, encode(&entry))
    }

    /// Signs and applies; the entry must hold.
    pub fn append(&mut self, op: DeviceOp, by: Option<usize>) -> Signed<DeviceEntry> {
        let signed = self.signed(op, by);
        self.log.apply(&signed).unwrap();
        self.entries.push(signed.clone());
        signed
    }
}

pub fn device_entry(
    user: UserId,
    seq: u64,
    prev: chatty_protocol::Hash32,
    op: DeviceOp,
    signer: Option<DeviceId>,
) -> DeviceEntry {
    DeviceEntry {
        user,
        seq,
        prev,
        op,
        time: 1_700_000_000_000,
        signer,
        ext: Ext::default(),
    }
}
