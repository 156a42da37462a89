//! Reading and writing rows: CBOR through serde, one struct per table.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::CryptoError;
use crate::tx::Tx;
use crate::view::Table;

/// Reads the row under `key`.
pub(crate) fn load<T: DeserializeOwned>(
    tx: &Tx<'_>,
    table: Table,
    key: &[u8],
) -> Result<Option<T>, CryptoError> {
    tx.get(table, key)?.map(|bytes| parse(&bytes)).transpose()
}

/// Writes the row under `key`.
pub(crate) fn store<T: Serialize>(
    tx: &mut Tx<'_>,
    table: Table,
    key: &[u8],
    row: &T,
) -> Result<(), CryptoError> {
    tx.put(table, key, bytes_of(row)?);
    Ok(())
}

/// All rows under a prefix with their keys, in key order.
pub(crate) fn scan<T: DeserializeOwned>(
    tx: &Tx<'_>,
    table: Table,
    prefix: &[u8],
) -> Result<Vec<(Vec<u8>, T)>, CryptoError> {
    tx.scan(table, prefix)?
        .into_iter()
        .map(|(key, bytes)| Ok((key, parse(&bytes)?)))
        .collect()
}

/// Reads a row that was taken from the store by other means.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CryptoError> {
    ciborium::from_reader(bytes).map_err(|_| CryptoError::Corrupt(std::any::type_name::<T>()))
}

/// The bytes of a row.
pub(crate) fn bytes_of<T: Serialize>(row: &T) -> Result<Vec<u8>, CryptoError> {
    let mut bytes = Vec::with_capacity(256);
    ciborium::into_writer(row, &mut bytes)
        .map_err(|_| CryptoError::Corrupt(std::any::type_name::<T>()))?;
    Ok(bytes)
}

/// A key of several parts; every part but the last has a fixed length.
pub(crate) fn key(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// `#[serde(with = "crate::rows::wire")]`: a type of the protocol inside a row, in canonical form.
pub(crate) mod wire {
    use chatty_protocol::codec::{Decode, Decoder, Encode, encode};
    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    /// Writes the canonical bytes.
    pub(crate) fn serialize<T: Encode<()>, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&encode(value))
    }

    struct Canonical<T>(std::marker::PhantomData<T>);

    impl<T> Visitor<'_> for Canonical<T>
    where
        T: Encode<()> + for<'b> Decode<'b, ()>,
    {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("canonical bytes")
        }

        // This crate wrote the bytes itself: no second look at their canonical form.
        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<T, E> {
            Decoder::new(bytes).decode().map_err(E::custom)
        }
    }

    /// Reads the canonical bytes. As a buffer: borrowed bytes end at 4 KiB in ciborium, and the
    /// state of a group with fifty members is longer.
    pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: Encode<()> + for<'b> Decode<'b, ()>,
        D: Deserializer<'de>,
    {
        deserializer.deserialize_byte_buf(Canonical(std::marker::PhantomData))
    }
}
