//! Canonical CBOR (RFC 8949 §4.2.1): the one encoder and the one decoder of the house.
//!
//! No CBOR crate enforces the canonical form by itself, so decoding is: scan (types, depth,
//! integer range), decode, require that every byte was used, encode again, compare. Whatever
//! fails is `malformed`; a structure that is well-formed but newer than we are is `NeedsUpdate`.

use std::collections::BTreeMap;

pub use minicbor::{Decode, Decoder, Encode, Encoder, data::Type};

use crate::limits;

/// Encoder over a growing buffer; writing to memory cannot fail.
pub type Enc<'a, W> = Encoder<W>;

/// Why bytes were not accepted as a structure of this protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not canonical, of the wrong shape, out of range, or followed by more bytes.
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// Understandable only to a newer program; keep the bytes, apply nothing.
    #[error("needs a newer version: {0}")]
    NeedsUpdate(&'static str),
}

/// Encodes a value into canonical bytes.
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    let mut encoder = Encoder::new(&mut out);
    // Writing into a Vec is infallible and no Encode of ours raises an error of its own.
    let _infallible = value.encode(&mut encoder, &mut ());
    out
}

/// Decodes exactly one canonical value, or says why not.
pub fn decode_exact<'b, T>(bytes: &'b [u8]) -> Result<T, DecodeError>
where
    T: Decode<'b, ()> + Encode<()>,
{
    scan(bytes)?;
    let mut decoder = Decoder::new(bytes);
    let value: T = decoder.decode().map_err(classify)?;
    if decoder.position() != bytes.len() {
        return Err(DecodeError::Malformed("trailing bytes"));
    }
    if encode(&value) != bytes {
        return Err(DecodeError::Malformed("not canonical"));
    }
    Ok(value)
}

/// Message that a decoder raises for a structure from the future; see [`needs_update`].
const NEEDS_UPDATE: &str = "needs update";

/// The error a `Decode` implementation raises for an unknown version, op or critical extension.
pub fn needs_update() -> minicbor::decode::Error {
    minicbor::decode::Error::message(NEEDS_UPDATE)
}

/// The error a `Decode` implementation raises for a value out of its range.
pub fn malformed(what: &'static str) -> minicbor::decode::Error {
    minicbor::decode::Error::message(what)
}

fn classify(error: minicbor::decode::Error) -> DecodeError {
    if error.is_message() && error.to_string().contains(NEEDS_UPDATE) {
        DecodeError::NeedsUpdate("unknown version, operation or critical extension")
    } else {
        DecodeError::Malformed("wrong shape")
    }
}

/// Walks the whole input once and refuses every type and number that the protocol does not use.
fn scan(bytes: &[u8]) -> Result<(), DecodeError> {
    let mut position = 0;
    walk(bytes, &mut position, 1)?;
    if position != bytes.len() {
        return Err(DecodeError::Malformed("trailing bytes"));
    }
    Ok(())
}

/// One data item at `position`; `depth` counts the outermost array as 1.
fn walk(bytes: &[u8], position: &mut usize, depth: usize) -> Result<(), DecodeError> {
    let (major, argument) = head(bytes, position)?;
    match major {
        0 => Ok(()),
        2 | 3 => take(bytes, position, argument).and_then(|text| {
            if major == 3 && std::str::from_utf8(text).is_err() {
                return Err(DecodeError::Malformed("text is not UTF-8"));
            }
            Ok(())
        }),
        4 | 5 => {
            if depth > limits::CBOR_DEPTH {
                return Err(DecodeError::Malformed("too deep"));
            }
            let items = if major == 5 {
                argument.saturating_mul(2)
            } else {
                argument
            };
            for _ in 0..items {
                walk(bytes, position, depth + 1)?;
            }
            Ok(())
        }
        7 if (20..=22).contains(&argument) => Ok(()),
        _ => Err(DecodeError::Malformed("type not used by this protocol")),
    }
}

/// Major type and argument of the next item, shortest form only.
fn head(bytes: &[u8], position: &mut usize) -> Result<(u8, u64), DecodeError> {
    let first = *bytes
        .get(*position)
        .ok_or(DecodeError::Malformed("cut off"))?;
    *position += 1;
    let (major, info) = (first >> 5, first & 0x1f);
    let width = match info {
        0..=23 => return Ok((major, u64::from(info))),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return Err(DecodeError::Malformed("indefinite or reserved length")),
    };
    if major == 7 {
        return Err(DecodeError::Malformed("type not used by this protocol"));
    }
    let raw = take(bytes, position, width)?;
    let argument = raw.iter().fold(0u64, |n, byte| (n << 8) | u64::from(*byte));
    let shortest = match width {
        1 => argument >= 24,
        2 => argument > 0xff,
        4 => argument > 0xffff,
        _ => argument > 0xffff_ffff,
    };
    if !shortest || argument > limits::UINT_MAX {
        return Err(DecodeError::Malformed(
            "number not shortest or out of range",
        ));
    }
    Ok((major, argument))
}

fn take<'b>(bytes: &'b [u8], position: &mut usize, count: u64) -> Result<&'b [u8], DecodeError> {
    let count = usize::try_from(count).map_err(|_| DecodeError::Malformed("cut off"))?;
    let end = position
        .checked_add(count)
        .ok_or(DecodeError::Malformed("cut off"))?;
    let slice = bytes
        .get(*position..end)
        .ok_or(DecodeError::Malformed("cut off"))?;
    *position = end;
    Ok(slice)
}

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

/// Reads an array header and requires exactly `count` elements.
pub fn array_of(d: &mut Decoder<'_>, count: u64) -> Result<(), minicbor::decode::Error> {
    match d.array()? {
        Some(found) if found == count => Ok(()),
        _ => Err(malformed("array of the wrong length")),
    }
}

/// Declares a structure that travels as a positional array of exactly its fields.
#[macro_export]
macro_rules! wire_array {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $ty:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty,)* }

        impl<C> $crate::codec::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut $crate::codec::Encoder<W>,
                ctx: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                const COUNT: u64 = 0 $(+ { let _ = stringify!($field); 1 })*;
                e.array(COUNT)?;
                $($crate::codec::Encode::encode(&self.$field, e, ctx)?;)*
                Ok(())
            }
        }

        impl<'b, C> $crate::codec::Decode<'b, C> for $name {
            fn decode(
                d: &mut $crate::codec::Decoder<'b>,
                ctx: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                const COUNT: u64 = 0 $(+ { let _ = stringify!($field); 1 })*;
                $crate::codec::array_of(d, COUNT)?;
                Ok(Self { $($field: $crate::codec::Decode::decode(d, ctx)?,)* })
            }
        }
    };
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

/// Encodes a fieldless enum by its `number`; an unknown number needs a newer program.
#[macro_export]
macro_rules! wire_number {
    ($name:ident) => {
        impl<C> $crate::codec::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut $crate::codec::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.u64(self.number())?.ok()
            }
        }

        impl<'b, C> $crate::codec::Decode<'b, C> for $name {
            fn decode(
                d: &mut $crate::codec::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                Self::from_number(d.u64()?).ok_or_else($crate::codec::needs_update)
            }
        }
    };
}
