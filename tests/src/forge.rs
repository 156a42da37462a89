//! An attacker with keys and devices of his own: everything that can be signed without the keys
//! of others.

use chatty_protocol::certificate::Certificate;
use chatty_protocol::codec::{Ext, Fixed, V1, encode};
use chatty_protocol::conversation_log::{ConvEntry, ConvOp};
use chatty_protocol::device_log::{DeviceEntry, DeviceOp};
use chatty_protocol::sign::{Key, SignContext, Signed, message_to_sign};
use chatty_protocol::{ConvId, DeviceId, Hash32, Head, SUITE_1, UserId};
use ed25519_dalek::{Signer, SigningKey};

/// A device whose keys the attacker holds; its certificate may name anybody.
pub struct Forged {
    /// Its signing key.
    pub key: SigningKey,
    /// Its certificate, validly signed by that key.
    pub cert: Signed<Certificate>,
    /// Its id.
    pub id: DeviceId,
}

/// Random bytes of the attacker.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    getrandom::fill(&mut out).expect("random bytes");
    out
}

fn public(key: &SigningKey) -> Key {
    Fixed(key.verifying_key().to_bytes())
}

/// Signs anything in any context.
pub fn sign<T>(key: &SigningKey, context: SignContext, inner: Vec<u8>) -> Signed<T> {
    let signature = key.sign(&message_to_sign(context, &inner)).to_bytes();
    Signed::from_parts(inner, signature)
}

impl Forged {
    /// A new device that says it belongs to `user`.
    pub fn of(user: UserId) -> Self {
        let key = SigningKey::from_bytes(&bytes());
        let mut agreement = public(&SigningKey::from_bytes(&bytes()));
        agreement.0[31] &= 0x7f;
        let certificate = Certificate {
            version: V1,
            suite: SUITE_1,
            user,
            ed25519: public(&key),
            curve25519: agreement,
            created: 1_700_000_000_000,
            suites: vec![SUITE_1],
            ext: Ext::default(),
        };
        let cert = sign(&key, SignContext::DeviceCert, encode(&certificate));
        Self {
            id: DeviceId::of_certificate(cert.inner()),
            key,
            cert,
        }
    }

    /// An entry of somebody's device log on top of `head`, signed by this device's key in the name
    /// of `signer`.
    pub fn device_entry(
        &self,
        user: UserId,
        head: Head,
        signer: Option<DeviceId>,
        op: DeviceOp,
    ) -> Signed<DeviceEntry> {
        let entry = DeviceEntry {
            user,
            seq: head.seq + 1,
            prev: head.hash,
            op,
            time: 1_700_000_000_000,
            signer,
            ext: Ext::default(),
        };
        sign(&self.key, SignContext::DeviceLog, encode(&entry))
    }

    /// An entry of a conversation's log on top of `head`, in the name of `actor`'s `device`.
    pub fn conv_entry(&self, what: ConvForgery) -> Signed<ConvEntry> {
        let entry = ConvEntry {
            conv: Some(what.conv),
            seq: what.head.seq + 1,
            prev: what.head.hash,
            op: what.op,
            time: 1_700_000_000_000,
            actor: what.actor,
            device: what.device,
            actor_head: what.actor_head,
            state: what.state,
            ext: Ext::default(),
        };
        sign(&self.key, SignContext::ConvLog, encode(&entry))
    }
}

/// What a forged conversation entry says.
pub struct ConvForgery {
    /// Conversation.
    pub conv: ConvId,
    /// Head that it follows.
    pub head: Head,
    /// What it does.
    pub op: ConvOp,
    /// In whose name.
    pub actor: UserId,
    /// And device.
    pub device: DeviceId,
    /// Its log's head.
    pub actor_head: Head,
    /// State hash that it claims.
    pub state: Hash32,
}
