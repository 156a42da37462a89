//! Binary values in JSON.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::codec::Fixed;
use crate::sign::Head;

/// Bytes that travel as base64url without padding.
#[derive(Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = "base64url"))]
pub struct B64(pub Vec<u8>);

impl std::fmt::Debug for B64 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "B64({})", self.0.len())
    }
}

impl From<Vec<u8>> for B64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Serialize for B64 {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&BASE64URL_NOPAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for B64 {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'_, str>>::deserialize(d)?;
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes());
        bytes
            .map(Self)
            .map_err(|_| D::Error::custom("not base64url without padding"))
    }
}

/// A log head in JSON: `[seq, "hash"]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadBody(pub u64, pub B64);

// By hand: an array of two things of different types.
#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for HeadBody {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ArrayBuilder, ArrayItems, ObjectBuilder, Schema, Type};
        let item = |of: Type| Schema::from(ObjectBuilder::new().schema_type(of));
        ArrayBuilder::new()
            .prefix_items([item(Type::Integer), item(Type::String)])
            .items(ArrayItems::False)
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for HeadBody {}

impl From<Head> for HeadBody {
    fn from(head: Head) -> Self {
        Self(head.seq, B64(head.hash.0.to_vec()))
    }
}

impl HeadBody {
    /// The head, if the hash has its 32 bytes.
    pub fn head(&self) -> Option<Head> {
        let hash: [u8; 32] = self.1.0.as_slice().try_into().ok()?;
        Some(Head {
            seq: self.0,
            hash: Fixed(hash),
        })
    }
}
