//! People with real keys: everything the logs need, from fixed seeds so that bytes repeat.

use chatty_protocol::certificate::Certificate;
use chatty_protocol::codec::{Ext, Fixed, V1, encode};
use chatty_protocol::conversation_log::{ConvEntry, ConvOp, ConvState, Mode, Policy, authorize};
use chatty_protocol::conversation_log::{Denied, propose, propose_create};
use chatty_protocol::device_log::{Class, DeviceEntry, DeviceLog, DeviceOp, aik_accept_bytes};
use chatty_protocol::sign::{Head, Key, SignContext, Signed, ZERO_HASH, message_to_sign};
use chatty_protocol::{DeviceId, SUITE_1, UserId};
use ed25519_dalek::{Signer, SigningKey};

pub const ORIGIN: &str = "https://relay.example";

/// Any seed makes a key; equal seeds make equal keys.
pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

pub fn public(key: &SigningKey) -> Key {
    Fixed(key.verifying_key().to_bytes())
}

pub fn sign<T>(key: &SigningKey, context: SignContext, inner: Vec<u8>) -> Signed<T> {
    let signature = key.sign(&message_to_sign(context, &inner)).to_bytes();
    Signed::from_parts(inner, signature)
}

/// A device: its key, certificate and id.
#[derive(Clone)]
pub struct Device {
    pub key: SigningKey,
    pub cert: Signed<Certificate>,
    pub id: DeviceId,
}

pub fn device(user: UserId, seed: u8) -> Device {
    let key = key(seed);
    let certificate = Certificate {
        version: V1,
        suite: SUITE_1,
        user,
        ed25519: public(&key),
        curve25519: Fixed([seed; 32]),
        created: 1_700_000_000_000,
        suites: vec![SUITE_1],
        ext: Ext::default(),
    };
    let cert = sign(&key, SignContext::DeviceCert, encode(&certificate));
    let id = DeviceId::of_certificate(cert.inner());
    Device { key, cert, id }
}

/// A person with an AIK, a first device and a log.
pub struct Person {
    pub aik: SigningKey,
    pub user: UserId,
    pub devices: Vec<Device>,
    pub log: DeviceLog,
    pub entries: Vec<Signed<DeviceEntry>>,
}

impl Person {
    pub fn new(seed: u8) -> Self {
        let aik = key(seed);
        let user = UserId::of_aik(&public(&aik));
        let first = device(user, seed + 100);
        let op = DeviceOp::Init {
            aik: public(&aik),
            cert: first.cert.clone(),
            class: Class::Full,
        };
        let entry = entry(user, 0, ZERO_HASH, op, None);
        let signed = sign(&aik, SignContext::DeviceLog, encode(&entry));
        let log = DeviceLog::init(&signed).unwrap();
        Self {
            aik,
            user,
            devices: vec![first],
            log,
            entries: vec![signed],
        }
    }

    /// Signs `op` on top of the present head; `by` is a device index or none for the AIK.
    pub fn signed(&self, op: DeviceOp, by: Option<usize>) -> Signed<DeviceEntry> {
        let head = self.log.head;
        let signer = by.map(|index| self.devices[index].id);
        let entry = entry(self.user, head.seq + 1, head.hash, op, signer);
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

    /// Adds a device of the given class, signed by device 0.
    pub fn add_device(&mut self, seed: u8, class: Class) -> usize {
        let new = device(self.user, seed);
        self.append(
            DeviceOp::Add {
                cert: new.cert.clone(),
                class,
                expires: 0,
            },
            Some(0),
        );
        self.devices.push(new);
        self.devices.len() - 1
    }

    pub fn accept(&self, new: &SigningKey, seq: u64) -> [u8; 64] {
        let bytes = aik_accept_bytes(&self.user, seq);
        new.sign(&message_to_sign(SignContext::AikAccept, &bytes))
            .to_bytes()
    }
}

pub fn entry(
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

pub fn create_op(mode: Mode, users: Vec<UserId>) -> ConvOp {
    let nonce = Fixed([7; 16]);
    ConvOp::Create {
        mode,
        nonce,
        origin: ORIGIN.into(),
        users,
        policy: Policy::default(),
    }
}

/// Builds, signs and judges entry 0.
pub fn open(person: &Person, op: ConvOp) -> Result<(ConvState, Signed<ConvEntry>), Denied> {
    let state = propose_create(&person.user, &op)?.state_hash();
    let signed = conv_entry(person, None, 0, ZERO_HASH, op, state);
    let entry = signed.open().unwrap();
    authorize(None, &signed, &entry, true).map(|state| (state, signed))
}

/// Builds, signs and judges the next entry.
pub fn act(state: &ConvState, person: &Person, op: ConvOp) -> Result<ConvState, Denied> {
    let after = propose(state, &person.user, &op, true)?.state_hash();
    let head = state.head;
    let signed = conv_entry(person, Some(state), head.seq + 1, head.hash, op, after);
    authorize(Some(state), &signed, &signed.open().unwrap(), true)
}

pub fn conv_entry(
    person: &Person,
    state: Option<&ConvState>,
    seq: u64,
    prev: chatty_protocol::Hash32,
    op: ConvOp,
    after: chatty_protocol::Hash32,
) -> Signed<ConvEntry> {
    let device = &person.devices[0];
    let entry = ConvEntry {
        conv: state.map(|state| state.conv),
        seq,
        prev,
        op,
        time: 1_700_000_000_000,
        actor: person.user,
        device: device.id,
        actor_head: Head {
            seq: person.log.head.seq,
            hash: person.log.head.hash,
        },
        state: after,
        ext: Ext::default(),
    };
    sign(&device.key, SignContext::ConvLog, encode(&entry))
}
