//! Making accounts, and moving one to a new identity.

use chatty_protocol::UserId;
use rusqlite::{Connection, OptionalExtension};

use super::num::sql;
use super::task::Tx;
use super::{device_log, erase};
use crate::store::account::{NewAccount, SignUp};
use crate::store::device::NewDeviceEntry;
use crate::store::{StoreError, StoreResult};

/// Kind of the one credential there is by now.
pub(super) const PASSWORD: &str = "password";

/// Creates an account with everything that belongs to it.
pub(super) fn create(tx: &mut Tx<'_, '_>, account: &NewAccount) -> StoreResult<SignUp> {
    let user = tx.cache.user(tx.conn, &account.entry.user)?;
    let email_known = email_owner(tx.conn, &account.email)?.is_some_and(|owner| owner != user);
    if erase::verified(tx.conn, user)?.is_some() {
        let same = is_repeat(tx.conn, user, account)?;
        return Ok(if same {
            SignUp::Repeated { email_known }
        } else {
            SignUp::UserExists
        });
    }
    if account.verified && email_known {
        return Ok(SignUp::EmailTaken);
    }
    if !handle_free(tx.conn, &account.handle, account.released_before)? {
        return Ok(SignUp::HandleTaken);
    }
    insert_account(tx, user, &account.email, account.verified, &account.entry)?;
    tx.conn
        .prepare_cached("INSERT OR REPLACE INTO handle(name, user_no) VALUES(?1, ?2)")?
        .execute((&account.handle, user))?;
    tx.conn
        .prepare_cached(
            "INSERT INTO credential(kind, subject, user_no, hash) VALUES(?1, ?2, ?3, ?4)",
        )?
        .execute((
            PASSWORD,
            account.entry.user.as_ref(),
            user,
            &account.password,
        ))?;
    Ok(SignUp::Created { email_known })
}

fn insert_account(
    tx: &mut Tx<'_, '_>,
    user: i64,
    email: &str,
    verified: bool,
    entry: &NewDeviceEntry,
) -> StoreResult<()> {
    tx.conn
        .prepare_cached(
            "INSERT INTO account(user_no, email, verified, created, branch, head, head_hash)
             VALUES(?1, ?2, ?3, ?4, 0, 0, x'')",
        )?
        .execute((user, email, verified, sql(entry.now)))?;
    device_log::insert(tx, user, 0, None, entry)
}

fn is_repeat(conn: &Connection, user: i64, account: &NewAccount) -> StoreResult<bool> {
    let found: Option<i64> = conn
        .prepare_cached(
            "SELECT 1 FROM account a
             JOIN handle h ON h.user_no=a.user_no
             JOIN device_log l ON l.user_no=a.user_no AND l.branch=0 AND l.seq=0
             WHERE a.user_no=?1 AND a.closed=0 AND a.email=?2 AND h.name=?3 AND l.bytes=?4",
        )?
        .query_row(
            (
                user,
                &account.email,
                &account.handle,
                account.entry.bytes.as_ref(),
            ),
            |row| row.get(0),
        )
        .optional()?;
    Ok(found.is_some())
}

fn handle_free(conn: &Connection, name: &str, released_before: u64) -> StoreResult<bool> {
    let taken: Option<i64> = conn
        .prepare_cached(
            "SELECT 1 FROM handle WHERE name=?1 AND (user_no IS NOT NULL OR freed_at>=?2)",
        )?
        .query_row((name, sql(released_before)), |row| row.get(0))
        .optional()?;
    Ok(taken.is_none())
}

/// Which verified account has the address.
pub(super) fn email_owner(conn: &Connection, email: &str) -> StoreResult<Option<i64>> {
    Ok(conn
        .prepare_cached(
            "SELECT user_no FROM account WHERE email=?1 AND email<>'' AND verified=1 AND closed=0",
        )?
        .query_row((email,), |row| row.get(0))
        .optional()?)
}

/// Moves handle, address and password to a new user id; the old one is closed.
pub(super) fn replace(
    tx: &mut Tx<'_, '_>,
    old: &UserId,
    entry: &NewDeviceEntry,
) -> StoreResult<()> {
    let conn = tx.conn;
    let (old, new) = (tx.cache.user(conn, old)?, tx.cache.user(conn, &entry.user)?);
    if erase::verified(conn, new)?.is_some() {
        return match device_log::is_init(conn, new, entry)? {
            true => Ok(()),
            false => Err(StoreError::Conflict("the new user id exists")),
        };
    }
    let (email, verified): (String, bool) = conn
        .prepare_cached("SELECT email, verified FROM account WHERE user_no=?1 AND closed=0")?
        .query_row((old,), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or(StoreError::NotFound("account"))?;
    conn.prepare_cached("UPDATE credential SET user_no=?2, subject=?3 WHERE user_no=?1")?
        .execute((old, new, entry.user.as_ref()))?;
    conn.prepare_cached("UPDATE handle SET user_no=?2 WHERE user_no=?1")?
        .execute((old, new))?;
    erase::close_account(conn, old)?;
    erase::finish_account(conn, old, None)?;
    insert_account(tx, new, &email, verified, entry)
}
