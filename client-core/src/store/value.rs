//! Between SQL values and ours.

use chatty_protocol::{ConvId, DeviceId, IdError, MsgId, UserId};
use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Connection, Params, Row};

use super::StoreError;

/// A number for SQLite; ours stay below 2^53 by the protocol.
pub(crate) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A column with a number.
pub(crate) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}

/// A column with a number or NULL.
pub(crate) fn optional_number(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    match row.get::<_, Option<i64>>(column)? {
        None => Ok(None),
        Some(value) => u64::try_from(value)
            .map(Some)
            .map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value)),
    }
}

fn wrong(column: usize, kind: Type) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(FromSqlError::InvalidType))
}

fn id<T>(
    row: &Row<'_>,
    column: usize,
    parse: fn(&[u8]) -> Result<T, IdError>,
) -> rusqlite::Result<T> {
    let bytes = row.get_ref(column)?.as_blob();
    let bytes = bytes.map_err(|_| wrong(column, Type::Blob))?;
    parse(bytes).map_err(|_| wrong(column, Type::Blob))
}

fn optional_id<T>(
    row: &Row<'_>,
    column: usize,
    parse: fn(&[u8]) -> Result<T, IdError>,
) -> rusqlite::Result<Option<T>> {
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => id(row, column, parse).map(Some),
    }
}

/// A column with a user.
pub(crate) fn user(row: &Row<'_>, column: usize) -> rusqlite::Result<UserId> {
    id(row, column, UserId::from_slice)
}

/// A column with a user or NULL.
pub(crate) fn optional_user(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<UserId>> {
    optional_id(row, column, UserId::from_slice)
}

/// A column with a device.
pub(crate) fn device(row: &Row<'_>, column: usize) -> rusqlite::Result<DeviceId> {
    id(row, column, DeviceId::from_slice)
}

/// A column with a device or NULL.
pub(crate) fn optional_device(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<DeviceId>> {
    optional_id(row, column, DeviceId::from_slice)
}

/// A column with a conversation.
pub(crate) fn conv(row: &Row<'_>, column: usize) -> rusqlite::Result<ConvId> {
    id(row, column, ConvId::from_slice)
}

/// A column with a message.
pub(crate) fn msg(row: &Row<'_>, column: usize) -> rusqlite::Result<MsgId> {
    id(row, column, MsgId::from_slice)
}

/// A column with a message or NULL.
pub(crate) fn optional_msg(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<MsgId>> {
    optional_id(row, column, MsgId::from_slice)
}

/// A column with a word of a closed list.
pub(crate) fn word<T: std::str::FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str();
    let text = text.map_err(|_| wrong(column, Type::Text))?;
    text.parse().map_err(|_| wrong(column, Type::Text))
}

/// A column with 32 bytes.
pub(crate) fn hash(row: &Row<'_>, column: usize) -> rusqlite::Result<[u8; 32]> {
    let bytes = row.get_ref(column)?.as_blob();
    let bytes = bytes.map_err(|_| wrong(column, Type::Blob))?;
    bytes.try_into().map_err(|_| wrong(column, Type::Blob))
}

/// A column with canonical CBOR, or NULL.
pub(crate) fn optional_cbor<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>>
where
    T: for<'b> minicbor::Decode<'b, ()> + minicbor::Encode<()>,
{
    let Some(bytes) = row.get::<_, Option<Vec<u8>>>(column)? else {
        return Ok(None);
    };
    chatty_protocol::codec::decode_exact(&bytes)
        .map(Some)
        .map_err(|_| wrong(column, Type::Blob))
}

/// One statement that writes.
pub(crate) fn write(
    connection: &Connection,
    sql: &'static str,
    params: impl Params,
) -> Result<usize, StoreError> {
    Ok(connection.prepare_cached(sql)?.execute(params)?)
}

/// At most one row.
pub(crate) fn one<T>(
    connection: &Connection,
    sql: &'static str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, StoreError> {
    use rusqlite::OptionalExtension;
    Ok(connection
        .prepare_cached(sql)?
        .query_row(params, read)
        .optional()?)
}

/// All rows.
pub(crate) fn all<T>(
    connection: &Connection,
    sql: &'static str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params, read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
