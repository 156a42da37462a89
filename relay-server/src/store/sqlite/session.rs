//! `SessionStore` on SQLite.

use async_trait::async_trait;
use chatty_protocol::UserId;
use rusqlite::{OptionalExtension, Row};

use super::SqliteStore;
use super::num::{self, fixed, sql, uint, user_no};
use super::task::Tx;
use crate::store::session::{Family, FamilyId, NewFamily, Refresh, Refreshed, SessionStore};
use crate::store::{StoreError, StoreResult};

/// What [`family_row`] reads; the caller adds a condition.
macro_rules! select_family {
    ($rest:literal) => {
        concat!(
            "SELECT f.family, u.id, v.id, f.counter, f.created, f.expires, f.state
             FROM refresh_family f JOIN user u ON u.no=f.user_no LEFT JOIN dev v ON v.no=f.dev ",
            $rest
        )
    };
}

fn family_row(row: &Row<'_>) -> rusqlite::Result<Family> {
    let pending = row.get_ref(2)? == rusqlite::types::ValueRef::Null;
    Ok(Family {
        family: fixed(row, 0)?,
        user: num::user(row, 1)?,
        device: if pending {
            None
        } else {
            Some(num::device(row, 2)?)
        },
        counter: uint(row, 3)?,
        created: uint(row, 4)?,
        expires: uint(row, 5)?,
        live: row.get(6)?,
    })
}

#[async_trait]
impl SessionStore for SqliteStore {
    async fn family_put(&self, family: NewFamily) -> StoreResult<()> {
        self.grow(move |tx| {
            let user = tx.cache.user(tx.conn, &family.user)?;
            let dev = match &family.device {
                Some(device) => Some(tx.cache.device(tx.conn, device, &family.user)?),
                None => None,
            };
            tx.conn
                .prepare_cached(
                    "INSERT OR IGNORE INTO refresh_family(
                         family, user_no, dev, counter, hash, rotated, created, expires, state)
                     VALUES(?1, ?2, ?3, 0, ?4, ?5, ?5, ?6, 1)",
                )?
                .execute((
                    family.family.as_slice(),
                    user,
                    dev,
                    family.hash.as_slice(),
                    sql(family.created),
                    sql(family.expires),
                ))?;
            Ok(())
        })
        .await
    }

    async fn family(&self, family: FamilyId) -> StoreResult<Option<Family>> {
        self.readers
            .read(move |conn| {
                Ok(conn
                    .prepare_cached(select_family!("WHERE f.family=?1"))?
                    .query_row((family.as_slice(),), family_row)
                    .optional()?)
            })
            .await
    }

    async fn families(&self, user: UserId) -> StoreResult<Vec<Family>> {
        self.readers
            .read(move |conn| {
                let mut statement = conn.prepare_cached(select_family!(
                    "WHERE u.id=?1 AND f.state=1 ORDER BY f.created"
                ))?;
                let rows = statement.query_map((user.as_ref(),), family_row)?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }

    async fn refresh(&self, refresh: Refresh) -> StoreResult<Refreshed> {
        self.change(move |tx| rotate(tx, &refresh)).await
    }

    async fn family_revoke(&self, user: UserId, family: FamilyId) -> StoreResult<bool> {
        self.change(move |tx| {
            let user = tx.cache.user(tx.conn, &user)?;
            let changed = tx
                .conn
                .prepare_cached(
                    "UPDATE refresh_family SET state=0 WHERE family=?1 AND user_no=?2 AND state=1",
                )?
                .execute((family.as_slice(), user))?;
            Ok(changed == 1)
        })
        .await
    }

    async fn families_revoke(
        &self,
        user: UserId,
        keep: Option<FamilyId>,
    ) -> StoreResult<Vec<FamilyId>> {
        self.change(move |tx| {
            let Some(user) = user_no(tx.conn, &user)? else {
                return Ok(Vec::new());
            };
            let keep = keep.as_ref().map(<[u8; 16]>::as_slice);
            let mut statement = tx.conn.prepare_cached(
                "UPDATE refresh_family SET state=0
                 WHERE user_no=?1 AND state=1 AND (?2 IS NULL OR family<>?2) RETURNING family",
            )?;
            let rows = statement.query_map((user, keep), |row| fixed(row, 0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}

/// The live token's row.
struct Live {
    counter: u64,
    current: bool,
    previous: bool,
    rotated: u64,
}

fn rotate(tx: &mut Tx<'_, '_>, refresh: &Refresh) -> StoreResult<Refreshed> {
    let family = refresh.family.as_slice();
    let found = tx
        .conn
        .prepare_cached(
            "SELECT counter, hash=?2, ifnull(previous=?2, 0), rotated FROM refresh_family
             WHERE family=?1 AND state=1 AND expires>?3",
        )?
        .query_row(
            (family, refresh.presented.as_slice(), sql(refresh.now)),
            |row| {
                Ok(Live {
                    counter: uint(row, 0)?,
                    current: row.get(1)?,
                    previous: row.get(2)?,
                    rotated: uint(row, 3)?,
                })
            },
        )
        .optional()?;
    let Some(live) = found else {
        return Ok(Refreshed::Dead);
    };
    if live.current {
        if live.counter != refresh.counter {
            return Ok(Refreshed::Raced);
        }
        return step(tx, refresh);
    }
    if live.previous && refresh.now < live.rotated.saturating_add(refresh.retry_ms) {
        return Ok(Refreshed::Repeat {
            counter: live.counter,
        });
    }
    tx.conn
        .prepare_cached("UPDATE refresh_family SET state=0 WHERE family=?1")?
        .execute((family,))?;
    Ok(Refreshed::Reused)
}

fn step(tx: &mut Tx<'_, '_>, refresh: &Refresh) -> StoreResult<Refreshed> {
    let dev = match &refresh.device {
        Some(device) => Some(
            tx.cache
                .known_device(tx.conn, device)?
                .ok_or(StoreError::NotFound("device"))?,
        ),
        None => None,
    };
    tx.conn
        .prepare_cached(
            "UPDATE refresh_family SET counter=counter+1, previous=hash, hash=?2, rotated=?3,
                 expires=?4, dev=ifnull(?5, dev)
             WHERE family=?1",
        )?
        .execute((
            refresh.family.as_slice(),
            refresh.successor.as_slice(),
            sql(refresh.now),
            sql(refresh.expires),
            dev,
        ))?;
    Ok(Refreshed::Rotated)
}
