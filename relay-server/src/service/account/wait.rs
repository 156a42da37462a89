//! Announced changes that any live device may veto (protocol.md §17).

use chatty_protocol::device_log::DeviceLog;
use chatty_protocol::rest::{Wait as WaitBody, Waits};
use chatty_protocol::{ErrorCode, UserId, limits};

use super::close::close_account;
use super::sign_up::first_device;
use crate::notice::Notice;
use crate::service::Served;
use crate::service::device::read_entry;
use crate::state::App;
use crate::store::account::Wait;

/// A new identity behind the login.
pub const IDENTITY: &str = "identity";
/// A new AIK without the old one.
pub const REPLACE_AIK: &str = "replace-aik";
/// Deletion by password.
pub const CLOSE: &str = "close";
/// Waits done in one go.
const AT_ONCE: usize = 100;

/// Puts a wait and rings the own devices. A repeat keeps the first due time.
pub(super) async fn announce(
    app: &App,
    user: UserId,
    kind: &'static str,
    payload: Vec<u8>,
    due: u64,
) -> Served<WaitBody> {
    let wait = Wait {
        user,
        kind: kind.to_owned(),
        payload: payload.into(),
        due,
    };
    let due_ms = app.store.wait_put(wait).await?;
    ring_own(app, user).await?;
    Ok(WaitBody {
        kind: kind.to_owned(),
        due_ms,
    })
}

async fn ring_own(app: &App, user: UserId) -> Served<()> {
    if let Some(log) = app.store.device_log_head(user).await? {
        app.notices.send(Notice::DeviceLog {
            user,
            head: log.head,
        });
    }
    Ok(())
}

/// Open waits of the account.
pub async fn waits(app: &App, user: UserId) -> Served<Waits> {
    let waits = app.store.waits(user).await?;
    let rows = waits.into_iter().map(|wait| WaitBody {
        kind: wait.kind,
        due_ms: wait.due,
    });
    Ok(Waits {
        waits: rows.collect(),
    })
}

/// A live device says no.
pub async fn veto(app: &App, user: UserId, kind: String) -> Served<()> {
    if !app.store.wait_remove(user, kind).await? {
        return Err(ErrorCode::NotFound.into());
    }
    ring_own(app, user).await
}

/// Carries out what is due. Each step may be repeated.
pub async fn run_due_waits(app: &App) -> Served<()> {
    let now = app.now_ms();
    for wait in app.store.waits_due(now, AT_ONCE).await? {
        match wait.kind.as_str() {
            CLOSE => close_account(app, wait.user).await?,
            IDENTITY => {
                let entry = wait.payload.clone();
                replace_now(app, wait.user, &entry).await?;
            }
            // Being due is what op 9 waits for; unused for as long again, it lapses.
            _ if now < wait.due.saturating_add(limits::REPLACE_AIK_WAIT_MS) => continue,
            _ => {}
        }
        app.store.wait_remove(wait.user, wait.kind).await?;
    }
    Ok(())
}

/// Puts a new identity behind the login of `old`.
pub(super) async fn replace_now(app: &App, old: UserId, entry: &[u8]) -> Served<()> {
    let signed = read_entry(entry)?;
    let log = DeviceLog::init(&signed)?;
    let (_, entry) = first_device(&signed, &log, app.now_ms())?;
    app.store.replace_identity(old, entry).await?;
    app.notices.send(Notice::AccountSessionsEnded {
        user: old,
        except: None,
    });
    Ok(())
}
