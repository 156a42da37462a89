//! Building blocks that every structure is made of.

use std::collections::BTreeMap;

use super::{Decode, Decoder, Encode, Encoder, malformed, needs_update};

/// A byte string of any length.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Bytes(pub Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Ciphertext and keys travel in this type: show the length, never the content.
        write!(f, "Bytes({})", self.0.len())
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl<C> Encode<C> for Bytes {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Bytes {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Ok(Self(d.bytes()?.to_vec()))
    }
}

/// A byte string of exactly `N` bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fixed<const N: usize>(pub [u8; N]);

impl<const N: usize> std::fmt::Debug for Fixed<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fixed<{N}>")
    }
}

impl<const N: usize> AsRef<[u8]> for Fixed<N> {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl<C, const N: usize> Encode<C> for Fixed<N> {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C, const N: usize> Decode<'b, C> for Fixed<N> {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let bytes = d.bytes()?;
        bytes
            .try_into()
            .map(Self)
            .map_err(|_| malformed("byte string of the wrong length"))
    }
}

/// One canonical CBOR item kept as the bytes it came in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Any(pub Vec<u8>);

impl<C> Encode<C> for Any {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.writer_mut()
            .write_all(&self.0)
            .map_err(minicbor::encode::Error::write)
    }
}

impl<'b, C> Decode<'b, C> for Any {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let start = d.position();
        d.skip()?;
        Ok(Self(d.input()[start..d.position()].to_vec()))
    }
}

/// Extensions of a structure, `{ * uint => any }`: unknown odd keys are kept and ignored, an
/// unknown even key is critical and makes the whole structure wait for a newer program.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ext(pub BTreeMap<u64, Any>);

impl Ext {
    /// Whether a key that this version does not know forbids applying the structure.
    pub fn has_critical(&self) -> bool {
        // Version 1 defines no even key.
        self.0.keys().any(|key| key % 2 == 0)
    }
}

impl<C> Encode<C> for Ext {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.map(self.0.len() as u64)?;
        // A BTreeMap of unsigned integers iterates in exactly the canonical key order.
        for (key, value) in &self.0 {
            e.u64(*key)?;
            value.encode(e, ctx)?;
        }
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Ext {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let count = d.map()?.ok_or_else(|| malformed("indefinite map"))?;
        let mut map = BTreeMap::new();
        for _ in 0..count {
            let key = d.u64()?;
            if map.insert(key, Any::decode(d, ctx)?).is_some() {
                return Err(malformed("repeated key"));
            }
        }
        Ok(Self(map))
    }
}

/// The leading version number of a signed structure; anything but 1 needs a newer program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct V1;

impl<C> Encode<C> for V1 {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u64(crate::PROTOCOL_VERSION)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for V1 {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        match d.u64()? {
            crate::PROTOCOL_VERSION => Ok(Self),
            _ => Err(needs_update()),
        }
    }
}
