//! This home's account and its session with the relay.

use chatty_protocol::{DeviceId, UserId};
use zeroize::Zeroizing;

use super::value::{self, int, number, one, word, write};
use super::{Db, StoreError, Tx};
use crate::api::state::{DeviceClass, DeviceState};

/// The account of this home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Relay origin in canonical form.
    pub relay: String,
    /// The account.
    pub user: UserId,
    /// Handle without `@`.
    pub handle: String,
    /// Address, where this device knows it.
    pub email: Option<String>,
    /// This device.
    pub device: DeviceId,
    /// Whether it is approved.
    pub device_state: DeviceState,
    /// What it may do.
    pub class: DeviceClass,
    /// Whether the address was verified, as last seen.
    pub verified_email: bool,
    /// Whether the recovery key was confirmed and its secret erased.
    pub recovery_confirmed: bool,
    /// When this home was set up, Unix ms.
    pub created_ms: u64,
}

/// The session with the relay. Tokens are secrets: no Debug.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Id for log-out.
    pub sid: String,
    /// JWT.
    pub access_token: Zeroizing<String>,
    /// When the JWT ends by this device's clock, Unix ms.
    pub access_until_ms: u64,
    /// Opaque, one use. Commit a successor before the access token that came with it is used.
    pub refresh_token: Zeroizing<String>,
    /// `pending` or `device`.
    pub scope: String,
}

/// The account, if there is one.
pub fn get(db: &dyn Db) -> Result<Option<AccountRow>, StoreError> {
    one(
        db.connection(),
        "SELECT relay, user, handle, email, device, device_state, class, verified_email,
                recovery_confirmed, created_ms FROM account",
        [],
        |row| {
            Ok(AccountRow {
                relay: row.get(0)?,
                user: value::user(row, 1)?,
                handle: row.get(2)?,
                email: row.get(3)?,
                device: value::device(row, 4)?,
                device_state: word(row, 5)?,
                class: word(row, 6)?,
                verified_email: row.get(7)?,
                recovery_confirmed: row.get(8)?,
                created_ms: number(row, 9)?,
            })
        },
    )
}

/// Writes the account, new or changed.
pub fn put(tx: &Tx<'_>, account: &AccountRow) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "INSERT OR REPLACE INTO account (one, relay, user, handle, email, device, device_state,
             class, verified_email, recovery_confirmed, created_ms)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        (
            &account.relay,
            account.user.as_ref(),
            &account.handle,
            &account.email,
            account.device.as_ref(),
            account.device_state.as_str(),
            account.class.as_str(),
            account.verified_email,
            account.recovery_confirmed,
            int(account.created_ms),
        ),
    )?;
    Ok(())
}

/// The session, if there is one.
pub fn session(db: &dyn Db) -> Result<Option<SessionRow>, StoreError> {
    one(
        db.connection(),
        "SELECT sid, access_token, access_until_ms, refresh_token, scope FROM session",
        [],
        |row| {
            Ok(SessionRow {
                sid: row.get(0)?,
                access_token: Zeroizing::new(row.get(1)?),
                access_until_ms: number(row, 2)?,
                refresh_token: Zeroizing::new(row.get(3)?),
                scope: row.get(4)?,
            })
        },
    )
}

/// Writes the session, or removes it: signed out.
pub fn set_session(tx: &Tx<'_>, session: Option<&SessionRow>) -> Result<(), StoreError> {
    match session {
        None => write(tx.connection(), "DELETE FROM session", [])?,
        Some(session) => write(
            tx.connection(),
            "INSERT OR REPLACE INTO session
                 (one, sid, access_token, access_until_ms, refresh_token, scope)
             VALUES (1, ?1, ?2, ?3, ?4, ?5)",
            (
                &session.sid,
                session.access_token.as_str(),
                int(session.access_until_ms),
                session.refresh_token.as_str(),
                &session.scope,
            ),
        )?,
    };
    Ok(())
}

/// Empties every table: nothing usable stays after log-out. The generation stays, so that this
/// store can go on.
pub fn erase_home(tx: &Tx<'_>) -> Result<(), StoreError> {
    const TABLES: &[&str] = &[
        "DELETE FROM crypto",
        "DELETE FROM account",
        "DELETE FROM session",
        "DELETE FROM conversation",
        "DELETE FROM known_range",
        "DELETE FROM message",
        "DELETE FROM version",
        "DELETE FROM draft",
        "DELETE FROM deletion",
        "DELETE FROM reaction",
        "DELETE FROM outbox",
        "DELETE FROM sent",
        "DELETE FROM item_out",
        "DELETE FROM item_cursor",
        "DELETE FROM item_in",
        "DELETE FROM body_out",
        "DELETE FROM mark",
        "DELETE FROM mark_out",
        "DELETE FROM contact",
        "DELETE FROM block",
        "DELETE FROM setting",
        "DELETE FROM device",
        "DELETE FROM meta WHERE name NOT IN ('generation', 'epoch')",
    ];
    for sql in TABLES {
        write(tx.connection(), sql, [])?;
    }
    Ok(())
}
