//! Canonical CBOR (RFC 8949 §4.2.1): the one encoder and the one decoder of the house.
//!
//! No CBOR crate enforces the canonical form by itself, so decoding is: scan (types, depth,
//! integer range), decode, require that every byte was used, encode again, compare. Whatever
//! fails is `malformed`; a structure that is well-formed but newer than we are is `NeedsUpdate`.

pub use minicbor::{Decode, Decoder, Encode, Encoder};

mod macros;
mod scan;
mod types;

pub use types::{Any, Bytes, Ext, Fixed, V1};

use scan::scan;

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
    let mut same = Same(bytes);
    let written = value.encode(&mut Encoder::new(&mut same), &mut ());
    if written.is_err() || !same.0.is_empty() {
        return Err(DecodeError::Malformed("not canonical"));
    }
    Ok(value)
}

/// Compares what is written with what is expected, without keeping a copy.
struct Same<'b>(&'b [u8]);

/// The first difference ends the encoding.
struct Differs;

impl minicbor::encode::Write for Same<'_> {
    type Error = Differs;

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Differs> {
        self.0 = self.0.strip_prefix(bytes).ok_or(Differs)?;
        Ok(())
    }
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

/// Reads an array header and requires exactly `count` elements.
pub fn array_of(d: &mut Decoder<'_>, count: u64) -> Result<(), minicbor::decode::Error> {
    match d.array()? {
        Some(found) if found == count => Ok(()),
        _ => Err(malformed("array of the wrong length")),
    }
}
