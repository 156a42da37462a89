//! Simulated people: keys that follow from a number. For benches only; nobody else has such keys.

use chatty_protocol::certificate::Certificate;
use chatty_protocol::codec::{Ext, Fixed, V1, encode};
use chatty_protocol::conversation_log::{
    ConvEntry, ConvOp, ConvState, Denied, propose, propose_create,
};
use chatty_protocol::device_log::{Class, DeviceEntry, DeviceOp};
use chatty_protocol::sign::{Head, Key, SignContext, Signed, ZERO_HASH, message_to_sign, sha256};
use chatty_protocol::{DeviceId, SUITE_1, UserId};
use ed25519_dalek::{Signer, SigningKey};

use crate::store::session::FamilyId;

/// A time before every bench, Unix ms.
const CREATED_MS: u64 = 1_700_000_000_000;

/// One person with one device.
pub struct Person {
    /// Account.
    pub user: UserId,
    /// Device.
    pub device: DeviceId,
    /// Its session.
    pub family: FamilyId,
    /// Certificate of the device.
    pub cert: Signed<Certificate>,
    /// Entry 0 of the device log.
    pub init: Signed<DeviceEntry>,
    key: SigningKey,
}

fn key(purpose: &str, index: usize) -> SigningKey {
    SigningKey::from_bytes(&sha256(format!("bench {purpose} {index}").as_bytes()).0)
}

fn public(key: &SigningKey) -> Key {
    Fixed(key.verifying_key().to_bytes())
}

fn sign<T>(key: &SigningKey, context: SignContext, inner: Vec<u8>) -> Signed<T> {
    let signature = key.sign(&message_to_sign(context, &inner)).to_bytes();
    Signed::from_parts(inner, signature)
}

impl Person {
    /// The person with this number.
    pub fn new(index: usize) -> Self {
        let (aik, device_key) = (key("aik", index), key("device", index));
        let user = UserId::of_aik(&public(&aik));
        // An agreement key is 32 bytes with the top bit clear; the relay looks no closer.
        let mut agreement = sha256(&device_key.to_bytes()).0;
        agreement[31] &= 0x7f;
        let certificate = Certificate {
            version: V1,
            suite: SUITE_1,
            user,
            ed25519: public(&device_key),
            curve25519: Fixed(agreement),
            created: CREATED_MS,
            suites: vec![SUITE_1],
            ext: Ext::default(),
        };
        let cert = sign(&device_key, SignContext::DeviceCert, encode(&certificate));
        let entry = DeviceEntry {
            user,
            seq: 0,
            prev: ZERO_HASH,
            op: DeviceOp::Init {
                aik: public(&aik),
                cert: cert.clone(),
                class: Class::Full,
            },
            time: CREATED_MS,
            signer: None,
            ext: Ext::default(),
        };
        let mut family = FamilyId::default();
        family.copy_from_slice(&sha256(format!("bench family {index}").as_bytes()).0[..16]);
        Self {
            user,
            device: DeviceId::of_certificate(cert.inner()),
            family,
            init: sign(&aik, SignContext::DeviceLog, encode(&entry)),
            cert,
            key: device_key,
        }
    }

    /// The next entry of a conversation, by this person.
    pub fn entry(
        &self,
        state: Option<&ConvState>,
        op: ConvOp,
    ) -> Result<Signed<ConvEntry>, Denied> {
        let after = match state {
            Some(state) => propose(state, &self.user, &op, true)?,
            None => propose_create(&self.user, &op)?,
        };
        let entry = ConvEntry {
            conv: state.map(|state| state.conv),
            seq: state.map_or(0, |state| state.head.seq + 1),
            prev: state.map_or(ZERO_HASH, |state| state.head.hash),
            op,
            time: CREATED_MS,
            actor: self.user,
            device: self.device,
            actor_head: Head {
                seq: 0,
                hash: DeviceEntry::hash_of(&self.init),
            },
            state: after.state_hash(),
            ext: Ext::default(),
        };
        Ok(sign(&self.key, SignContext::ConvLog, encode(&entry)))
    }
}
