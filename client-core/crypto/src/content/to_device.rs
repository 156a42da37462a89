//! Bodies of to-device payloads (protocol.md §12), types 1–13 and 22.

mod key;
mod pair;
mod share;

use chatty_protocol::codec::{Any, DecodeError, decode_exact, encode};
use chatty_protocol::wire_array;

pub use key::{ConvKey, ConvMeta, KeyForward, KeyRequest, Withheld, WithheldCode};
pub use pair::{OlmReset, SecretRequest, SecretSend, Verify};
pub use share::{Evidence, Profile, Subject, Sync, TrustPart, TrustPin};

/// Everything that Olm may carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToDeviceBody {
    /// Type 1.
    ConvKey(ConvKey),
    /// Type 2.
    Withheld(Withheld),
    /// Type 3.
    ConvMeta(ConvMeta),
    /// Type 4.
    KeyRequest(KeyRequest),
    /// Type 5.
    KeyForward(KeyForward),
    /// Type 6.
    OlmReset(OlmReset),
    /// Type 7: first answer on a new session.
    OlmAck,
    /// Type 8.
    SecretRequest(SecretRequest),
    /// Type 9.
    SecretSend(SecretSend),
    /// Type 10.
    Verify(Verify),
    /// Type 11.
    Trust(TrustPart),
    /// Type 12.
    Sync(Sync),
    /// Type 13.
    Evidence(Evidence),
    /// Type 22.
    Profile(Profile),
    /// A type of a newer program: kept for a while, ignored.
    Unknown {
        /// Its number.
        kind: u64,
        /// Its body as it came.
        body: Any,
    },
}

wire_array! {
    /// Body of type 7.
    pub struct Empty {}
}

impl ToDeviceBody {
    /// Number on the wire.
    pub fn kind(&self) -> u64 {
        match self {
            Self::ConvKey(_) => 1,
            Self::Withheld(_) => 2,
            Self::ConvMeta(_) => 3,
            Self::KeyRequest(_) => 4,
            Self::KeyForward(_) => 5,
            Self::OlmReset(_) => 6,
            Self::OlmAck => 7,
            Self::SecretRequest(_) => 8,
            Self::SecretSend(_) => 9,
            Self::Verify(_) => 10,
            Self::Trust(_) => 11,
            Self::Sync(_) => 12,
            Self::Evidence(_) => 13,
            Self::Profile(_) => 22,
            Self::Unknown { kind, .. } => *kind,
        }
    }

    /// The body's canonical bytes.
    pub fn to_body(&self) -> Any {
        Any(match self {
            Self::ConvKey(body) => encode(body),
            Self::Withheld(body) => encode(body),
            Self::ConvMeta(body) => encode(body),
            Self::KeyRequest(body) => encode(body),
            Self::KeyForward(body) => encode(body),
            Self::OlmReset(body) => encode(body),
            Self::OlmAck => encode(&Empty {}),
            Self::SecretRequest(body) => encode(body),
            Self::SecretSend(body) => encode(body),
            Self::Verify(body) => encode(body),
            Self::Trust(body) => encode(body),
            Self::Sync(body) => encode(body),
            Self::Evidence(body) => encode(body),
            Self::Profile(body) => encode(body),
            Self::Unknown { body, .. } => body.0.clone(),
        })
    }

    /// Reads a body of type `kind`; only what Olm decrypted comes here.
    pub fn from_body(kind: u64, body: &Any) -> Result<Self, DecodeError> {
        let bytes = &body.0;
        Ok(match kind {
            1 => Self::ConvKey(decode_exact(bytes)?),
            2 => Self::Withheld(decode_exact(bytes)?),
            3 => Self::ConvMeta(decode_exact(bytes)?),
            4 => Self::KeyRequest(decode_exact(bytes)?),
            5 => Self::KeyForward(decode_exact(bytes)?),
            6 => Self::OlmReset(decode_exact(bytes)?),
            7 => decode_exact::<Empty>(bytes).map(|_| Self::OlmAck)?,
            8 => Self::SecretRequest(decode_exact(bytes)?),
            9 => Self::SecretSend(decode_exact(bytes)?),
            10 => Self::Verify(decode_exact(bytes)?),
            11 => Self::Trust(decode_exact(bytes)?),
            12 => Self::Sync(decode_exact(bytes)?),
            13 => Self::Evidence(decode_exact(bytes)?),
            22 => Self::Profile(decode_exact(bytes)?),
            _ => Self::Unknown {
                kind,
                body: body.clone(),
            },
        })
    }
}
