//! Taking things away: a revoked device, a closed account, an account that was never verified.

use rusqlite::{Connection, OptionalExtension};

use super::num::sql;
use crate::store::StoreResult;

/// Revokes a device: its keys and sessions go now, its inbox with the next purge.
pub(super) fn revoke_device(conn: &Connection, user: i64, dev: i64) -> StoreResult<()> {
    conn.prepare_cached("UPDATE device SET state=2 WHERE dev_no=?1 AND user_no=?2")?
        .execute((dev, user))?;
    drop_keys(conn, dev)?;
    conn.prepare_cached("UPDATE refresh_family SET state=0 WHERE dev=?1")?
        .execute((dev,))?;
    Ok(())
}

fn drop_keys(conn: &Connection, dev: i64) -> StoreResult<()> {
    conn.prepare_cached("DELETE FROM otk WHERE dev=?1")?
        .execute((dev,))?;
    conn.prepare_cached("DELETE FROM fallback WHERE dev=?1")?
        .execute((dev,))?;
    // A repeat of a claim must not bring a dropped key back.
    conn.prepare_cached("UPDATE otk_claim SET bytes=NULL WHERE target=?1")?
        .execute((dev,))?;
    Ok(())
}

/// Closes an account: nobody can sign in, no key is given out, the address is free.
pub(super) fn close_account(conn: &Connection, user: i64) -> StoreResult<()> {
    let devices: Vec<i64> = conn
        .prepare_cached("SELECT dev_no FROM device WHERE user_no=?1")?
        .query_map((user,), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for dev in devices {
        revoke_device(conn, user, dev)?;
    }
    conn.prepare_cached("UPDATE account SET closed=1, email='' WHERE user_no=?1")?
        .execute((user,))?;
    conn.prepare_cached("UPDATE refresh_family SET state=0 WHERE user_no=?1")?
        .execute((user,))?;
    for sql in [
        "DELETE FROM credential WHERE user_no=?1",
        "DELETE FROM code WHERE user_no=?1",
        "DELETE FROM wait WHERE user_no=?1",
        "DELETE FROM statement WHERE user_no=?1",
    ] {
        conn.prepare_cached(sql)?.execute((user,))?;
    }
    Ok(())
}

/// Removes what is left of a closed account, except its device log and the devices in it.
pub(super) fn finish_account(conn: &Connection, user: i64, freed: Option<u64>) -> StoreResult<()> {
    match freed {
        Some(at) => conn
            .prepare_cached("UPDATE handle SET user_no=NULL, freed_at=?2 WHERE user_no=?1")?
            .execute((user, sql(at)))?,
        None => conn
            .prepare_cached("DELETE FROM handle WHERE user_no=?1")?
            .execute((user,))?,
    };
    for sql in [
        "DELETE FROM link_frame WHERE link IN (SELECT id FROM link WHERE user_no=?1)",
        "DELETE FROM link WHERE user_no=?1",
        "DELETE FROM refresh_family WHERE user_no=?1",
        "DELETE FROM block WHERE user_no=?1",
        "DELETE FROM block WHERE blocked=?1",
        "DELETE FROM saga WHERE user_no=?1",
    ] {
        conn.prepare_cached(sql)?.execute((user,))?;
    }
    Ok(())
}

/// Removes an account that was never verified as if it had not been.
pub(super) fn forget_account(conn: &Connection, user: i64) -> StoreResult<()> {
    close_account(conn, user)?;
    finish_account(conn, user, None)?;
    for sql in [
        "DELETE FROM device WHERE user_no=?1",
        "DELETE FROM device_log WHERE user_no=?1",
        "DELETE FROM account WHERE user_no=?1",
    ] {
        conn.prepare_cached(sql)?.execute((user,))?;
    }
    Ok(())
}

/// Kills the refresh families of a user but one.
pub(super) fn kill_families(conn: &Connection, user: i64, keep: Option<&[u8]>) -> StoreResult<()> {
    conn.prepare_cached(
        "UPDATE refresh_family SET state=0 WHERE user_no=?1 AND (?2 IS NULL OR family<>?2)",
    )?
    .execute((user, keep))?;
    Ok(())
}

/// Whether the account was verified; none when there is no such account.
pub(super) fn verified(conn: &Connection, user: i64) -> StoreResult<Option<bool>> {
    Ok(conn
        .prepare_cached("SELECT verified FROM account WHERE user_no=?1")?
        .query_row((user,), |row| row.get(0))
        .optional()?)
}
