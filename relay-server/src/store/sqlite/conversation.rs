//! `ConversationStore` on SQLite.

use async_trait::async_trait;
use chatty_protocol::{ConvId, UserId, limits};
use rusqlite::{OptionalExtension, Row};

use super::append_log::state_of;
use super::num::{self, conv_no, sql, uint, user_no};
use super::read::head_at;
use super::{SqliteStore, relation};
use crate::store::conversation::{ConvOfUser, ConversationStore, MemberRow, Relation};
use crate::store::{StoreError, StoreResult};

fn member_row(row: &Row<'_>) -> rusqlite::Result<MemberRow> {
    Ok(MemberRow {
        user: num::user(row, 0)?,
        state: state_of(row.get(1)?),
        admin: row.get(2)?,
        log_seq: uint(row, 3)?,
    })
}

fn conv_of_user(row: &Row<'_>) -> rusqlite::Result<ConvOfUser> {
    let last: Option<i64> = row.get(5)?;
    Ok(ConvOfUser {
        conv: num::conv(row, 0)?,
        direct: row.get(1)?,
        state: state_of(row.get(2)?),
        hidden: row.get(3)?,
        first: uint(row, 4)?,
        last: last.map(i64::cast_unsigned),
        at: head_at(row, 6)?,
        newest_time: uint(row, 9)?,
    })
}

#[async_trait]
impl ConversationStore for SqliteStore {
    async fn member(&self, conv: ConvId, user: UserId) -> StoreResult<Option<MemberRow>> {
        self.readers
            .read(move |conn| {
                Ok(conn
                    .prepare_cached(
                        "SELECT u.id, m.state, m.role, m.ls FROM member m
                         JOIN user u ON u.no=m.user_no JOIN conv c ON c.no=m.conv
                         WHERE u.id=?1 AND c.id=?2",
                    )?
                    .query_row((user.as_ref(), conv.as_ref()), member_row)
                    .optional()?)
            })
            .await
    }

    async fn members(&self, conv: ConvId) -> StoreResult<Vec<MemberRow>> {
        self.readers
            .read(move |conn| {
                let mut statement = conn.prepare_cached(
                    "SELECT u.id, m.state, m.role, m.ls FROM member m
                     JOIN user u ON u.no=m.user_no
                     WHERE m.conv=(SELECT no FROM conv WHERE id=?1) AND m.state>0",
                )?;
                let rows = statement.query_map((conv.as_ref(),), member_row)?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }

    async fn hidden(&self, conv: ConvId) -> StoreResult<Vec<UserId>> {
        self.readers
            .read(move |conn| {
                let mut statement = conn.prepare_cached(
                    "SELECT u.id FROM member m JOIN user u ON u.no=m.user_no
                     WHERE m.conv=(SELECT no FROM conv WHERE id=?1) AND m.hidden<>0",
                )?;
                let rows = statement.query_map((conv.as_ref(),), |row| num::user(row, 0))?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }

    async fn may_read(&self, conv: ConvId, user: UserId) -> StoreResult<Vec<(u64, Option<u64>)>> {
        self.readers
            .read(move |conn| {
                let (Some(conv), Some(user)) = (conv_no(conn, &conv)?, user_no(conn, &user)?)
                else {
                    return Ok(Vec::new());
                };
                let mut statement = conn.prepare_cached(
                    "SELECT first, last FROM stay WHERE user_no=?1 AND conv=?2
                     UNION ALL SELECT first, last FROM member WHERE user_no=?1 AND conv=?2
                     ORDER BY first",
                )?;
                let rows = statement.query_map((user, conv), |row| {
                    let last: Option<i64> = row.get(1)?;
                    Ok((uint(row, 0)?, last.map(i64::cast_unsigned)))
                })?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }

    async fn conversations(
        &self,
        user: UserId,
        after: Option<ConvId>,
        limit: usize,
    ) -> StoreResult<Vec<ConvOfUser>> {
        let limit = sql(limit.min(limits::CONVERSATIONS_PER_USER) as u64);
        self.readers
            .read(move |conn| {
                let Some(user) = user_no(conn, &user)? else {
                    return Ok(Vec::new());
                };
                let after = match &after {
                    Some(conv) => conv_no(conn, conv)?.ok_or(StoreError::NotFound("cursor"))?,
                    None => 0,
                };
                let mut statement = conn.prepare_cached(
                    "SELECT id, direct, state, hidden, first, last,
                            max(floor - 1, ifnull(top, 0)), floor,
                            (SELECT max(ls) FROM clog WHERE conv=no),
                            ifnull((SELECT t FROM msg WHERE conv=no AND seq=top), 0)
                     FROM (SELECT c.no AS no, c.id AS id, c.direct AS direct, c.floor AS floor,
                                  m.state AS state, m.hidden AS hidden, m.first AS first,
                                  m.last AS last,
                                  (SELECT max(seq) FROM msg WHERE conv=c.no) AS top
                           FROM member m JOIN conv c ON c.no=m.conv
                           WHERE m.user_no=?1 AND m.conv>?2 ORDER BY m.conv LIMIT ?3)",
                )?;
                let rows = statement.query_map((user, after, limit), conv_of_user)?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }

    async fn conversation_count(&self, user: UserId) -> StoreResult<u64> {
        self.readers
            .read(move |conn| {
                Ok(conn
                    .prepare_cached(
                        "SELECT count(*) FROM member
                         WHERE user_no=(SELECT no FROM user WHERE id=?1) AND state>0",
                    )?
                    .query_row((user.as_ref(),), |row| uint(row, 0))?)
            })
            .await
    }

    async fn relation(&self, user: UserId, other: UserId) -> StoreResult<Relation> {
        self.readers
            .read(move |conn| relation::one(conn, &user, &other))
            .await
    }

    async fn relations(&self, user: UserId, others: Vec<UserId>) -> StoreResult<Vec<Relation>> {
        self.readers
            .read(move |conn| {
                others
                    .iter()
                    .map(|other| relation::one(conn, &user, other))
                    .collect()
            })
            .await
    }

    async fn co_members(&self, user: UserId, limit: usize) -> StoreResult<Vec<UserId>> {
        self.readers
            .read(move |conn| relation::co_members(conn, &user, limit))
            .await
    }

    async fn hide_request(&self, conv: ConvId, user: UserId) -> StoreResult<bool> {
        self.change(move |tx| {
            let (Some(conv), Some(user)) = (conv_no(tx.conn, &conv)?, user_no(tx.conn, &user)?)
            else {
                return Ok(false);
            };
            let changed = tx
                .conn
                .prepare_cached(
                    "UPDATE member SET hidden=1 WHERE user_no=?1 AND conv=?2 AND state=1",
                )?
                .execute((user, conv))?;
            Ok(changed == 1)
        })
        .await
    }
}
