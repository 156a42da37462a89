//! Typed, self-certifying ids. The tag byte keeps one kind from parsing as another (A4, A7).

use std::fmt;
use std::str::FromStr;

use data_encoding::{Encoding, Specification};
use std::sync::LazyLock;

use crate::codec::{Decode, Decoder, Encode, Encoder, encode, malformed};
use crate::sign::{Key, hash};

/// Lower-case base32 of RFC 4648 without padding.
static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut spec = Specification::new();
    spec.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    // The alphabet is a constant with 32 distinct symbols, so this specification is always valid.
    spec.encoding().unwrap_or(data_encoding::BASE32_NOPAD)
});

/// Text that is not an id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a {0} id")]
pub struct IdError(pub &'static str);

macro_rules! id_type {
    ($(#[$meta:meta])* $name:ident, $tag:literal, $letter:literal, $len:literal, $kind:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Length in bytes, tag included.
            pub const LEN: usize = $len;
            /// First byte of every id of this kind.
            pub const TAG: u8 = $tag;

            /// The id whose bytes behind the tag are `rest`.
            pub fn from_rest(rest: [u8; $len - 1]) -> Self {
                let mut bytes = [0; $len];
                bytes[0] = $tag;
                bytes[1..].copy_from_slice(&rest);
                Self(bytes)
            }

            /// Reads tagged bytes; another length or tag is refused.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, IdError> {
                let bytes: [u8; $len] = bytes.try_into().map_err(|_| IdError($kind))?;
                if bytes[0] == $tag { Ok(Self(bytes)) } else { Err(IdError($kind)) }
            }

            /// The tagged bytes.
            pub fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $letter, BASE32.encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let rest = text.strip_prefix($letter).ok_or(IdError($kind))?;
                let bytes = BASE32.decode(rest.as_bytes()).map_err(|_| IdError($kind))?;
                Self::from_slice(&bytes)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                Self::from_slice(d.bytes()?).map_err(|_| malformed(concat!("not a ", $kind, " id")))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'_, str>>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id_type!(
    /// A person: hash of the first account identity key (AIK). Text form `u…`.
    UserId, 1, 'u', 33, "user"
);
id_type!(
    /// A device: first 16 bytes of the hash of its certificate. Text form `d…`.
    DeviceId, 2, 'd', 17, "device"
);
id_type!(
    /// A conversation: hash of its first log entry, or of both users and the relay. Text form `c…`.
    ConvId, 3, 'c', 33, "conversation"
);
id_type!(
    /// A message: 16 random bytes, unique per sender device. Text form `m…`.
    MsgId, 4, 'm', 17, "message"
);

impl UserId {
    /// The user that the first account identity key stands for.
    pub fn of_aik(aik: &Key) -> Self {
        Self::from_rest(hash("user-id", &aik.0).0)
    }
}

impl DeviceId {
    /// The device whose certificate has these inner bytes.
    pub fn of_certificate(inner: &[u8]) -> Self {
        let full = hash("device-id", inner);
        let mut rest = [0; 16];
        rest.copy_from_slice(&full.0[..16]);
        Self::from_rest(rest)
    }
}

impl ConvId {
    /// The group that was created by the entry with these inner bytes.
    pub fn of_group(inner: &[u8]) -> Self {
        Self::from_rest(hash("conv-id", inner).0)
    }

    /// The one direct conversation of two users on a relay (equal users: notes to self).
    pub fn of_direct(a: &UserId, b: &UserId, origin: &str) -> Self {
        let (lo, hi) = if a <= b { (a, b) } else { (b, a) };
        Self::from_rest(hash("direct-id", &encode(&(*lo, *hi, origin))).0)
    }
}
