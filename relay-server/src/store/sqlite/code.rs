//! Codes and tokens: kept as hashes, limited tries, exactly one winner.

use chatty_protocol::limits::DAY_MS;
use rusqlite::OptionalExtension;

use super::num::{sql, uint};
use super::task::Tx;
use crate::store::StoreResult;
use crate::store::account::{CodePut, CodeTry, NewCode};

/// Keeps a code, unless the last one is too young or the day's number is used up.
pub(super) fn put(tx: &mut Tx<'_, '_>, code: &NewCode) -> StoreResult<CodePut> {
    let user = tx.cache.user(tx.conn, &code.user)?;
    let before: Option<(u64, u64, u32)> = tx
        .conn
        .prepare_cached("SELECT sent, day, sends FROM code WHERE purpose=?1 AND user_no=?2")?
        .query_row((code.purpose, user), |row| {
            Ok((uint(row, 0)?, uint(row, 1)?, row.get(2)?))
        })
        .optional()?;
    let (mut day, mut sends) = (code.now, 0);
    if let Some((sent, begun, sent_today)) = before {
        if code.now < sent.saturating_add(code.gap_ms) {
            return Ok(CodePut::Wait(sent + code.gap_ms - code.now));
        }
        if code.now < begun.saturating_add(DAY_MS) {
            (day, sends) = (begun, sent_today);
        }
        if sends >= code.per_day {
            return Ok(CodePut::Wait(day + DAY_MS - code.now));
        }
    }
    let id = tx
        .conn
        .prepare_cached(
            "INSERT OR REPLACE INTO code(purpose, user_no, hash, tries, sent, day, sends, expires)
             VALUES(?1, ?2, ?3, 0, ?4, ?5, ?6, ?7)",
        )?
        .insert((
            code.purpose,
            user,
            code.hash.as_slice(),
            sql(code.now),
            sql(day),
            sends + 1,
            sql(code.expires),
        ))?;
    Ok(CodePut::Stored {
        id: id.cast_unsigned(),
    })
}

/// Tries a code; the right one is used up.
pub(super) fn attempt(
    tx: &mut Tx<'_, '_>,
    purpose: &str,
    user: i64,
    hash: &[u8; 32],
    tries: u32,
    now: u64,
) -> StoreResult<CodeTry> {
    let found: Option<(i64, bool, u32)> = tx
        .conn
        .prepare_cached(
            "SELECT id, hash=?3, tries FROM code
             WHERE purpose=?1 AND user_no=?2 AND hash IS NOT NULL AND expires>?4 AND tries<?5",
        )?
        .query_row((purpose, user, hash.as_slice(), sql(now), tries), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((id, right, tried)) = found else {
        return Ok(CodeTry::Expired);
    };
    if right {
        tx.conn
            .prepare_cached("UPDATE code SET hash=NULL WHERE id=?1")?
            .execute((id,))?;
        return Ok(CodeTry::Consumed);
    }
    tx.conn
        .prepare_cached("UPDATE code SET tries=tries+1 WHERE id=?1")?
        .execute((id,))?;
    Ok(CodeTry::Wrong(tries - tried - 1))
}

/// Consumes a token that is found by its own hash; whose it was.
pub(super) fn consume(
    tx: &mut Tx<'_, '_>,
    purpose: &str,
    hash: &[u8; 32],
    now: u64,
) -> StoreResult<Option<i64>> {
    Ok(tx
        .conn
        .prepare_cached(
            "UPDATE code SET hash=NULL WHERE purpose=?1 AND hash=?2 AND expires>?3
             RETURNING user_no",
        )?
        .query_row((purpose, hash.as_slice(), sql(now)), |row| row.get(0))
        .optional()?)
}
