//! What users are to each other, derived from the member projection and blocks.

use chatty_protocol::UserId;
use rusqlite::{Connection, OptionalExtension};

use super::num::{self, user_no};
use crate::store::StoreResult;
use crate::store::conversation::Relation;

/// The strongest relation of `user` to `other`.
pub(super) fn one(conn: &Connection, user: &UserId, other: &UserId) -> StoreResult<Relation> {
    if user == other {
        return Ok(Relation::Own);
    }
    let (Some(a), Some(b)) = (user_no(conn, user)?, user_no(conn, other)?) else {
        return Ok(Relation::None);
    };
    // CROSS JOIN keeps the order: walk the conversations of `user`, look the other one up in each.
    let mut statement = conn.prepare_cached(
        "SELECT c.direct, a.state, b.state FROM member a
         CROSS JOIN member b ON b.user_no=?2 AND b.conv=a.conv
         CROSS JOIN conv c ON c.no=a.conv
         WHERE a.user_no=?1 AND a.state>0 AND b.state>0",
    )?;
    let mut rows = statement.query((a, b))?;
    let mut best = Relation::None;
    while let Some(row) = rows.next()? {
        let (direct, mine, theirs): (bool, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let here = match (direct, mine, theirs) {
            (true, 2, 2) if blocked(conn, a, b)? => Relation::None,
            (true, 2, 2) => Relation::Contact,
            // Who has not joined is reached by a ticket only, also by others who are invited:
            // else two strangers could draw a victim's one-time keys.
            (_, _, 1) => Relation::Ticket,
            _ => Relation::CoMember,
        };
        best = best.max(here);
    }
    Ok(best)
}

fn blocked(conn: &Connection, a: i64, b: i64) -> StoreResult<bool> {
    let found: Option<i64> = conn
        .prepare_cached(
            "SELECT 1 FROM block WHERE user_no=?1 AND blocked=?2
             UNION ALL SELECT 1 FROM block WHERE user_no=?2 AND blocked=?1 LIMIT 1",
        )?
        .query_row((a, b), |row| row.get(0))
        .optional()?;
    Ok(found.is_some())
}

/// Everybody who shares a conversation with the user.
pub(super) fn co_members(
    conn: &Connection,
    user: &UserId,
    limit: usize,
) -> StoreResult<Vec<UserId>> {
    let Some(no) = user_no(conn, user)? else {
        return Ok(Vec::new());
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = conn.prepare_cached(
        "SELECT id FROM user WHERE no IN (
             SELECT b.user_no FROM member a CROSS JOIN member b ON b.conv=a.conv
             WHERE a.user_no=?1 AND a.state>0 AND b.state>0 AND b.user_no<>?1)
         LIMIT ?2",
    )?;
    let rows = statement.query_map((no, limit), |row| num::user(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
