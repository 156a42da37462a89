//! Numbers and ids between rows and types. SQLite's integers are signed; ours stay below 2^53.

use bytes::Bytes;
use chatty_protocol::{ConvId, DeviceId, UserId};
use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, Result, Row};

use crate::store::StoreResult;

/// An unsigned number for SQLite; larger than any time or count becomes the largest.
pub(super) fn sql(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A signed column.
pub(super) fn int(row: &Row<'_>, index: usize) -> Result<i64> {
    row.get(index)
}

/// An unsigned column.
pub(super) fn uint(row: &Row<'_>, index: usize) -> Result<u64> {
    let value: i64 = row.get(index)?;
    u64::try_from(value).map_err(|_| Error::IntegralValueOutOfRange(index, value))
}

/// A byte column.
pub(super) fn bytes(row: &Row<'_>, index: usize) -> Result<Bytes> {
    let blob = row.get_ref(index)?.as_blob_or_null()?;
    Ok(blob.map(Bytes::copy_from_slice).unwrap_or_default())
}

/// A column of exactly `N` bytes.
pub(super) fn fixed<const N: usize>(row: &Row<'_>, index: usize) -> Result<[u8; N]> {
    row.get_ref(index)?
        .as_blob()?
        .try_into()
        .map_err(|_| wrong(index))
}

/// A user id column.
pub(super) fn user(row: &Row<'_>, index: usize) -> Result<UserId> {
    UserId::from_slice(row.get_ref(index)?.as_blob()?).map_err(|_| wrong(index))
}

/// A device id column.
pub(super) fn device(row: &Row<'_>, index: usize) -> Result<DeviceId> {
    DeviceId::from_slice(row.get_ref(index)?.as_blob()?).map_err(|_| wrong(index))
}

/// A conversation id column.
pub(super) fn conv(row: &Row<'_>, index: usize) -> Result<ConvId> {
    ConvId::from_slice(row.get_ref(index)?.as_blob()?).map_err(|_| wrong(index))
}

fn wrong(index: usize) -> Error {
    Error::InvalidColumnType(index, String::new(), Type::Blob)
}

/// Number of a user that is known.
pub(super) fn user_no(conn: &Connection, user: &UserId) -> StoreResult<Option<i64>> {
    number(conn, "SELECT no FROM user WHERE id=?1", user.as_ref())
}

/// Number of a device that is known.
pub(super) fn device_no(conn: &Connection, device: &DeviceId) -> StoreResult<Option<i64>> {
    number(conn, "SELECT no FROM dev WHERE id=?1", device.as_ref())
}

/// Number of a conversation that is known.
pub(super) fn conv_no(conn: &Connection, conv: &ConvId) -> StoreResult<Option<i64>> {
    number(conn, "SELECT no FROM conv WHERE id=?1", conv.as_ref())
}

fn number(conn: &Connection, sql: &'static str, id: &[u8]) -> StoreResult<Option<i64>> {
    Ok(conn
        .prepare_cached(sql)?
        .query_row((id,), |row| row.get(0))
        .optional()?)
}
