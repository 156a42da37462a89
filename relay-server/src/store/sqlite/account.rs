//! `AccountStore` on SQLite.

use async_trait::async_trait;
use chatty_protocol::UserId;
use rusqlite::{Connection, OptionalExtension};

use super::num::{self, sql, uint, user_no};
use super::sign_up::PASSWORD;
use super::{SqliteStore, block, budget, code, erase, saga, sign_up};
use crate::store::account::{
    Account, AccountStore, CodePut, CodeTry, NewAccount, NewCode, Saga, SignUp, Spent, Wait,
};
use crate::store::device::NewDeviceEntry;
use crate::store::{StoreError, StoreResult};

#[async_trait]
impl AccountStore for SqliteStore {
    async fn sign_up(&self, account: NewAccount) -> StoreResult<SignUp> {
        self.grow(move |tx| sign_up::create(tx, &account)).await
    }

    async fn account(&self, user: UserId) -> StoreResult<Option<Account>> {
        self.readers
            .read(move |conn| {
                Ok(conn
                    .prepare_cached(
                        "SELECT u.id, h.name, a.email, a.verified, a.created, a.closed
                         FROM user u JOIN account a ON a.user_no=u.no
                         LEFT JOIN handle h ON h.user_no=u.no WHERE u.id=?1",
                    )?
                    .query_row((user.as_ref(),), |row| {
                        Ok(Account {
                            user: num::user(row, 0)?,
                            handle: row.get(1)?,
                            email: row.get(2)?,
                            verified: row.get(3)?,
                            created: uint(row, 4)?,
                            closed: row.get(5)?,
                        })
                    })
                    .optional()?)
            })
            .await
    }

    async fn by_handle(&self, handle: String) -> StoreResult<Option<UserId>> {
        self.readers
            .read(move |conn| {
                find_user(
                    conn,
                    "SELECT u.id FROM handle h JOIN user u ON u.no=h.user_no
                     JOIN account a ON a.user_no=u.no WHERE h.name=?1 AND a.closed=0",
                    &handle,
                )
            })
            .await
    }

    async fn by_email(&self, email: String) -> StoreResult<Option<UserId>> {
        self.readers
            .read(move |conn| {
                find_user(
                    conn,
                    "SELECT u.id FROM account a JOIN user u ON u.no=a.user_no
                     WHERE a.email=?1 AND a.verified=1 AND a.closed=0",
                    &email,
                )
            })
            .await
    }

    async fn password(&self, user: UserId) -> StoreResult<Option<String>> {
        self.readers
            .read(move |conn| {
                Ok(conn
                    .prepare_cached("SELECT hash FROM credential WHERE kind=?1 AND subject=?2")?
                    .query_row((PASSWORD, user.as_ref()), |row| row.get(0))
                    .optional()?)
            })
            .await
    }

    async fn set_password(
        &self,
        user: UserId,
        hash: String,
        keep: Option<[u8; 16]>,
    ) -> StoreResult<()> {
        self.change(move |tx| {
            let user = tx.cache.user(tx.conn, &user)?;
            put_password(tx.conn, user, &hash)?;
            erase::kill_families(tx.conn, user, keep.as_ref().map(<[u8; 16]>::as_slice))
        })
        .await
    }

    async fn code_put(&self, code: NewCode) -> StoreResult<CodePut> {
        self.grow(move |tx| code::put(tx, &code)).await
    }

    async fn code_try(
        &self,
        purpose: &'static str,
        user: UserId,
        hash: [u8; 32],
        tries: u32,
        now: u64,
    ) -> StoreResult<CodeTry> {
        self.change(move |tx| {
            let user = tx.cache.user(tx.conn, &user)?;
            code::attempt(tx, purpose, user, &hash, tries, now)
        })
        .await
    }

    async fn verify_email(
        &self,
        user: UserId,
        hash: [u8; 32],
        tries: u32,
        now: u64,
    ) -> StoreResult<CodeTry> {
        self.change(move |tx| {
            let user = tx.cache.user(tx.conn, &user)?;
            let tried = code::attempt(tx, "verify", user, &hash, tries, now)?;
            if tried != CodeTry::Consumed {
                return Ok(tried);
            }
            let changed = tx
                .conn
                .prepare_cached(
                    "UPDATE account SET verified=1 WHERE user_no=?1 AND closed=0 AND NOT EXISTS (
                         SELECT 1 FROM account b WHERE b.email=account.email AND b.verified=1
                         AND b.closed=0 AND b.user_no<>?1)",
                )?
                .execute((user,))?;
            Ok(if changed == 1 {
                tried
            } else {
                CodeTry::EmailTaken
            })
        })
        .await
    }

    async fn reset_password(
        &self,
        token: [u8; 32],
        hash: String,
        now: u64,
    ) -> StoreResult<Option<UserId>> {
        self.change(move |tx| {
            let Some(user) = code::consume(tx, "reset", &token, now)? else {
                return Ok(None);
            };
            put_password(tx.conn, user, &hash)?;
            erase::kill_families(tx.conn, user, None)?;
            Ok(Some(
                tx.conn
                    .prepare_cached("SELECT id FROM user WHERE no=?1")?
                    .query_row((user,), |row| num::user(row, 0))?,
            ))
        })
        .await
    }

    async fn replace_identity(&self, old: UserId, entry: NewDeviceEntry) -> StoreResult<()> {
        self.grow(move |tx| sign_up::replace(tx, &old, &entry))
            .await
    }

    async fn wait_put(&self, wait: Wait) -> StoreResult<u64> {
        self.grow(move |tx| saga::wait_put(tx, &wait)).await
    }

    async fn waits(&self, user: UserId) -> StoreResult<Vec<Wait>> {
        self.readers
            .read(move |conn| saga::waits_of(conn, &user))
            .await
    }

    async fn wait_remove(&self, user: UserId, kind: String) -> StoreResult<bool> {
        self.change(move |tx| {
            let user = tx.cache.user(tx.conn, &user)?;
            let gone = tx
                .conn
                .prepare_cached("DELETE FROM wait WHERE user_no=?1 AND kind=?2")?
                .execute((user, &kind))?;
            Ok(gone == 1)
        })
        .await
    }

    async fn waits_due(&self, now: u64, limit: usize) -> StoreResult<Vec<Wait>> {
        self.readers
            .read(move |conn| saga::waits_due(conn, now, limit))
            .await
    }

    async fn spend(
        &self,
        subject: String,
        kind: &'static str,
        cost: u32,
        max: u32,
        window_ms: u64,
        now: u64,
    ) -> StoreResult<Spent> {
        self.change(move |tx| {
            let budget = budget::Budget {
                subject: &subject,
                kind,
                max,
                window_ms,
            };
            budget::spend(tx.conn, &budget, cost, now)
        })
        .await
    }

    async fn saga_start(&self, user: UserId) -> StoreResult<Saga> {
        self.change(move |tx| saga::start(tx, &user)).await
    }

    async fn saga_step(&self, user: UserId, step: u32) -> StoreResult<()> {
        self.change(move |tx| {
            let user = tx.cache.user(tx.conn, &user)?;
            tx.conn
                .prepare_cached("UPDATE saga SET step=max(step, ?2) WHERE user_no=?1")?
                .execute((user, step))?;
            Ok(())
        })
        .await
    }

    async fn sagas(&self, limit: usize) -> StoreResult<Vec<Saga>> {
        self.readers
            .read(move |conn| saga::unfinished(conn, limit))
            .await
    }

    async fn saga_finish(&self, user: UserId, now: u64) -> StoreResult<()> {
        self.change(move |tx| {
            let Some(user) = user_no(tx.conn, &user)? else {
                return Ok(());
            };
            let verified = erase::verified(tx.conn, user)?.unwrap_or(false);
            erase::finish_account(tx.conn, user, verified.then_some(now))
        })
        .await
    }

    async fn expire_unverified(&self, before: u64, limit: usize) -> StoreResult<Vec<UserId>> {
        self.change(move |tx| {
            let old: Vec<(i64, UserId)> = tx
                .conn
                .prepare_cached(
                    "SELECT a.user_no, u.id FROM account a JOIN user u ON u.no=a.user_no
                     WHERE a.verified=0 AND a.closed=0 AND a.created<?1
                     ORDER BY a.created LIMIT ?2",
                )?
                .query_map((sql(before), sql(limit as u64)), |row| {
                    Ok((row.get(0)?, num::user(row, 1)?))
                })?
                .collect::<Result<_, _>>()?;
            old.into_iter()
                .map(|(no, user)| erase::forget_account(tx.conn, no).map(|()| user))
                .collect()
        })
        .await
    }

    async fn block(&self, user: UserId, blocked: UserId) -> StoreResult<()> {
        self.grow(move |tx| block::put(tx, &user, &blocked)).await
    }

    async fn unblock(&self, user: UserId, blocked: UserId) -> StoreResult<()> {
        self.change(move |tx| block::remove(tx, &user, &blocked))
            .await
    }

    async fn blocks(&self, user: UserId) -> StoreResult<Vec<UserId>> {
        self.readers.read(move |conn| block::all(conn, &user)).await
    }

    async fn blocked(&self, a: UserId, b: UserId) -> StoreResult<(bool, bool)> {
        self.readers
            .read(move |conn| Ok((block::is(conn, &a, &b)?, block::is(conn, &b, &a)?)))
            .await
    }
}

fn find_user(conn: &Connection, sql: &'static str, text: &str) -> StoreResult<Option<UserId>> {
    Ok(conn
        .prepare_cached(sql)?
        .query_row((text,), |row| num::user(row, 0))
        .optional()?)
}

fn put_password(conn: &Connection, user: i64, hash: &str) -> StoreResult<()> {
    let changed = conn
        .prepare_cached("UPDATE credential SET hash=?3 WHERE kind=?1 AND user_no=?2")?
        .execute((PASSWORD, user, hash))?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::NotFound("account"))
    }
}
