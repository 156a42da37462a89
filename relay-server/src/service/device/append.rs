//! `POST /users/me/log`: the relay verifies each entry like every client does, and adds what only
//! its own clock and memory can tell.

use chatty_protocol::device_log::{Class, DeviceEntry, DeviceLog, DeviceOp, Verdict};
use chatty_protocol::rest::AppendDeviceEntry;
use chatty_protocol::sign::Signed;
use chatty_protocol::{DeviceId, ErrorCode, UserId, limits};

use super::FULL;
use crate::notice::Notice;
use crate::service::account::REPLACE_AIK;
use crate::service::session::is_usable;
use crate::service::{Refused, Served};
use crate::state::App;
use crate::store::device::{DeviceAppended, DeviceChange, LogHead, NewDeviceEntry};

/// Reads a signed entry; its size is capped before anything is decoded.
pub fn read_entry(bytes: &[u8]) -> Served<Signed<DeviceEntry>> {
    if bytes.len() > limits::LOG_ENTRY_BYTES {
        return Err(ErrorCode::TooLarge.into());
    }
    Ok(Signed::from_bytes(bytes)?)
}

/// Appends an entry to the caller's own log.
pub async fn append_own(
    app: &App,
    user: UserId,
    caller: Option<DeviceId>,
    body: &AppendDeviceEntry,
) -> Served<LogHead> {
    let signed = read_entry(&body.entry.0)?;
    if signed.open()?.op == DeviceOp::Close {
        let detail = "an account is closed by DELETE /account";
        return Err(Refused::new(ErrorCode::NotAllowed).detail(detail));
    }
    append_entry(app, user, caller, &signed, body.expect_seq).await
}

/// Verifies and appends an entry, rings whoever has to know. The same bytes again get the same
/// answer.
pub async fn append_entry(
    app: &App,
    user: UserId,
    caller: Option<DeviceId>,
    signed: &Signed<DeviceEntry>,
    expect_seq: u64,
) -> Served<LogHead> {
    let entry = signed.open()?;
    if entry.seq != expect_seq {
        return Err(Refused::new(ErrorCode::Malformed).detail("expect_seq is not the entry's"));
    }
    let on = app
        .store
        .device_log_head(user)
        .await?
        .ok_or(ErrorCode::NotFound)?;
    let before = load(app, user).await?;
    let mut after = before.clone();
    let verdict = after.apply(signed).map_err(|error| {
        let refused = Refused::from(error);
        let stale = refused.code == ErrorCode::StaleSeq;
        if stale {
            refused.head(on.head)
        } else {
            refused
        }
    })?;
    match verdict {
        Verdict::Known => return Ok(on),
        Verdict::Fork => return Err(Refused::new(ErrorCode::StaleSeq).head(on.head)),
        Verdict::Applied(_) => {}
    }
    check_caller(app, caller, &entry).await?;
    let lost = is_lost(app, &entry)?;
    check_signer(app, &entry, lost).await?;
    check_operation(app, user, &entry, lost).await?;
    let new = NewDeviceEntry {
        user,
        on: Some(on),
        seq: entry.seq,
        prev: entry.prev,
        hash: after.head.hash,
        recover: matches!(entry.op, DeviceOp::Recover { .. }),
        close: entry.op == DeviceOp::Close,
        bytes: signed.to_bytes().into(),
        changes: changes(&before, &after),
        now: app.now_ms(),
    };
    store(app, new, &entry.op).await
}

async fn store(app: &App, new: NewDeviceEntry, op: &DeviceOp) -> Served<LogHead> {
    let (user, changed) = (new.user, new.changes.clone());
    let at = match app.store.device_log_append(new).await? {
        DeviceAppended::Stored(at) => at,
        DeviceAppended::Repeated(at) => return Ok(at),
        DeviceAppended::Stale(at) => {
            return Err(Refused::new(ErrorCode::StaleSeq).head(at.head));
        }
    };
    if matches!(op, DeviceOp::ReplaceAik { .. }) {
        app.store.wait_remove(user, REPLACE_AIK.to_owned()).await?;
    }
    for change in changed {
        if let DeviceChange::Revoke { device } = change {
            app.notices.send(Notice::DeviceRevoked { user, device });
        }
    }
    app.notices.send(Notice::DeviceLog {
        user,
        head: at.head,
    });
    Ok(at)
}

/// The whole verified log. Every entry passed when it came, so a failure is damage.
async fn load(app: &App, user: UserId) -> Served<DeviceLog> {
    let entries = app.store.device_log_whole(user).await?;
    let mut entries = entries
        .iter()
        .map(|bytes| Signed::<DeviceEntry>::from_bytes(bytes));
    let first = entries.next().ok_or(ErrorCode::NotFound)??;
    let mut log = DeviceLog::init(&first).map_err(damaged)?;
    for entry in entries {
        log.apply(&entry?).map_err(damaged)?;
    }
    Ok(log)
}

fn damaged(error: chatty_protocol::device_log::LogError) -> Refused {
    tracing::error!(%error, "a stored device-log entry does not verify");
    ErrorCode::Internal.into()
}

/// A session without a device brings entries of the recovery key only; a limited device may only
/// leave.
async fn check_caller(app: &App, caller: Option<DeviceId>, entry: &DeviceEntry) -> Served<()> {
    let Some(device) = caller else {
        return if entry.signer.is_none() {
            Ok(())
        } else {
            Err(ErrorCode::Scope.into())
        };
    };
    let row = app
        .store
        .device(device)
        .await?
        .ok_or(ErrorCode::UnknownDevice)?;
    let leaves = matches!(&entry.op, DeviceOp::Revoke { device: target, .. } if *target == device);
    if row.class == FULL || leaves {
        Ok(())
    } else {
        Err(Refused::new(ErrorCode::NotAllowed).detail("a limited device may only leave"))
    }
}

/// After a restore the relay takes back for ten minutes what it lost and nothing new, so that
/// nobody signs a rival (protocol.md §20). The time is the signer's claim: a lie gains a signer ten
/// minutes at most.
fn is_lost(app: &App, entry: &DeviceEntry) -> Served<bool> {
    let Some(restored) = app.store.restored_at() else {
        return Ok(false);
    };
    let (now, over) = (
        app.now_ms(),
        restored.saturating_add(limits::MAINTENANCE_MS),
    );
    if now >= over {
        return Ok(false);
    }
    if entry.time < restored {
        return Ok(true);
    }
    Err(Refused::new(ErrorCode::Maintenance).retry_after(over - now))
}

/// What the log cannot say: whether the signer expired, and how long it has been there (B9). An
/// entry that comes back after a restore was judged when it came first.
async fn check_signer(app: &App, entry: &DeviceEntry, lost: bool) -> Served<()> {
    let Some(signer) = entry.signer else {
        return Ok(());
    };
    let now = app.now_ms();
    let row = app
        .store
        .device(signer)
        .await?
        .ok_or(ErrorCode::UnknownDevice)?;
    if !is_usable(&row, now) {
        return Err(ErrorCode::DeviceRevoked.into());
    }
    let adds = matches!(entry.op, DeviceOp::Add { .. });
    if lost || !adds || !added_by_device(app, entry, &row).await? {
        return Ok(());
    }
    // The relay's clock, not the entry's: a claimed time proves nothing.
    let free_at = row.added.saturating_add(limits::SIGNER_MIN_AGE_MS);
    if now < free_at {
        let refused = Refused::new(ErrorCode::NotAllowed).retry_after(free_at - now);
        return Err(refused.detail("a new device links no other for 24 hours"));
    }
    Ok(())
}

/// Whether op 1 added the signer; init and recover devices are exempt.
async fn added_by_device(
    app: &App,
    entry: &DeviceEntry,
    row: &crate::store::device::DeviceRow,
) -> Served<bool> {
    let log = load(app, entry.user).await?;
    let record = log.devices.get(&row.device);
    Ok(record.is_none_or(|record| record.added_by_op1))
}

async fn check_operation(app: &App, user: UserId, entry: &DeviceEntry, lost: bool) -> Served<()> {
    match &entry.op {
        DeviceOp::Add { class, .. } => {
            if *class == Class::Bot {
                return Err(Refused::new(ErrorCode::NotAllowed).detail("bots come later"));
            }
            Ok(())
        }
        DeviceOp::Handle { handle, origin } => {
            let account = app.store.account(user).await?.ok_or(ErrorCode::NotFound)?;
            if account.handle.as_deref() == Some(handle) && *origin == app.origin {
                return Ok(());
            }
            Err(Refused::new(ErrorCode::NotAllowed).detail("not this account's handle here"))
        }
        // Its announcement was used up before the restore, or is lost with it: whoever has this
        // entry goes on behind it, and the account would be stuck without it.
        DeviceOp::ReplaceAik { .. } if lost => Ok(()),
        DeviceOp::ReplaceAik { .. } => {
            let waits = app.store.waits(user).await?;
            let wait = waits.into_iter().find(|wait| wait.kind == REPLACE_AIK);
            let detail = "announce it by PUT /account/replace-aik";
            let wait = wait.ok_or(Refused::new(ErrorCode::NotAllowed).detail(detail))?;
            let now = app.now_ms();
            if now < wait.due {
                return Err(Refused::new(ErrorCode::NotAllowed).retry_after(wait.due - now));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// What an entry did to devices, whatever its operation is.
fn changes(before: &DeviceLog, after: &DeviceLog) -> Vec<DeviceChange> {
    let mut changes = Vec::new();
    for (device, record) in &after.devices {
        let class = u8::try_from(record.class.number()).unwrap_or(0);
        let known = before.devices.get(device);
        if known.is_none() {
            changes.push(DeviceChange::Add {
                device: *device,
                cert: record.cert.to_bytes().into(),
                class,
                expires: record.expires,
            });
        }
        let (was_live, is_live) = (before.live(device).is_some(), after.live(device).is_some());
        let renewed = known
            .is_some_and(|known| (known.class, known.expires) != (record.class, record.expires));
        if (was_live || known.is_none()) && !is_live {
            changes.push(DeviceChange::Revoke { device: *device });
        } else if renewed {
            changes.push(DeviceChange::Renew {
                device: *device,
                class,
                expires: record.expires,
            });
        }
    }
    changes
}
