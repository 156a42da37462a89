//! Device logs of people: fetched, verified, pinned, compared after every connect.

use std::collections::BTreeSet;

use chatty_crypto::device_log::{self, Claim, LogChange, LogOutcome, LogStop};
use chatty_crypto::{conversation, trust};
use chatty_protocol::device_log::DeviceOp;
use chatty_protocol::sign::Head;
use chatty_protocol::{ErrorCode, UserId, limits};

use super::session;
use crate::api::Event;
use crate::api::events::AlarmKind;
use crate::engine::{Context, Fault, Work};
use crate::store::{self, account};
use crate::{account as accounts, conversation as conversations, device, message};

/// Pages of one log that are read at most before giving up: far above any honest log.
const PAGES: usize = 64;
/// Races with other own devices before giving up.
const RACES: usize = 5;

/// Reads what is new in a person's device log. Afterwards the log counts as compared.
pub async fn fetch(context: &Context, user: &UserId) -> Result<(), Fault> {
    let mut from = next_seq(context, user)?;
    let mut from_start = from == 0;
    for _ in 0..PAGES {
        let page =
            session::with(context, async |rest| rest.user_log(user, from, None).await).await?;
        let entries: Vec<Vec<u8>> = page.entries.into_iter().map(|entry| entry.0).collect();
        let count = entries.len() as u64;
        let outcome = context.input(|work| take(work, user, &entries))?;
        let head = page
            .head
            .head()
            .ok_or(Fault::BadRelay("a head without a hash"))?;
        match outcome.stop {
            // Another branch, or a page that does not fit: the whole newest branch tells.
            Some(LogStop::Diverged | LogStop::Gap(_)) if !from_start => {
                from = 0;
                from_start = true;
                continue;
            }
            Some(LogStop::Forked) => {
                alarm(context, AlarmKind::DeviceLogForked, user);
                break;
            }
            Some(LogStop::Diverged) => {
                alarm(context, AlarmKind::Rollback, user);
                break;
            }
            Some(LogStop::Invalid(_)) => {
                alarm(context, AlarmKind::Forged, user);
                break;
            }
            Some(LogStop::NeedsUpdate | LogStop::Gap(_)) => break,
            None => {}
        }
        from += count;
        if count == 0 || from > head.seq {
            break;
        }
    }
    context.link.borrow_mut().compared.insert(*user);
    context.changed.ring();
    context.outbox.ring();
    Ok(())
}

fn alarm(context: &Context, kind: AlarmKind, user: &UserId) {
    context.events.tell(&Event::Alarm {
        kind,
        chat: None,
        user: Some(*user),
    });
}

fn next_seq(context: &Context, user: &UserId) -> Result<u64, Fault> {
    context.look(|work| {
        let log = device_log::get(&work.crypto, user)?;
        Ok(log.map_or(0, |log| log.head.seq + 1))
    })
}

/// Applies a page and everything that follows from it.
pub fn take(work: &mut Work<'_>, user: &UserId, entries: &[Vec<u8>]) -> Result<LogOutcome, Fault> {
    let outcome = device_log::apply_page(&mut work.crypto, user, entries)?;
    if outcome.changes.is_empty() {
        return Ok(outcome);
    }
    let own = account::get(work.db)?.is_some_and(|row| row.user == *user);
    for change in &outcome.changes {
        match change {
            LogChange::Handle { handle, origin } => {
                conversations::contact::handle(work, user, handle, origin)?;
            }
            LogChange::DeviceAdded(added) if own => device::pins::added(work, added)?,
            LogChange::DeviceRevoked(revoked) => {
                message::show::clone_is_gone(work, revoked)?;
                device::revoke::silence(work, revoked)?;
                if own {
                    device::revoke::gone(work, revoked)?;
                }
            }
            LogChange::AikReplaced => conversations::contact::tell(work, user)?,
            LogChange::Closed => closed(work, user)?,
            _ => {}
        }
    }
    if own {
        device::list::refresh(work)?;
        accounts::who::standing_changed(work)?;
    } else if outcome.head.is_some() {
        trust::pin(&mut work.crypto, user)?;
        conversations::contact::tell(work, user)?;
    }
    let added = outcome.changes.iter().filter_map(|change| match change {
        LogChange::DeviceAdded(device) => Some(*device),
        _ => None,
    });
    super::retry::after_log(work, user, &added.collect::<Vec<_>>())?;
    work.outbox_changed();
    Ok(outcome)
}

/// Somebody deleted their account: nobody is there to write to.
fn closed(work: &mut Work<'_>, user: &UserId) -> Result<(), Fault> {
    match store::conversation::direct_with(work.db, user)? {
        Some(direct) => conversations::log::refresh(work, &direct.conv),
        None => Ok(()),
    }
}

/// Everybody whose devices matter: this account and everybody in its conversations.
pub fn everybody(context: &Context) -> Result<BTreeSet<UserId>, Fault> {
    let own = accounts::current(context)?.user;
    context.look(|work| {
        let mut users = BTreeSet::from([own]);
        for (conv, _) in conversation::heads(&work.crypto)? {
            if let Some(state) = conversation::state(&work.crypto, &conv)? {
                users.extend(state.entitled().copied());
            }
        }
        Ok(users)
    })
}

/// Compares the logs of these people with the relay and reads what is new.
pub async fn compare(context: &Context, users: &[UserId]) -> Result<(), Fault> {
    for some in users.chunks(limits::HEADS_PER_CALL) {
        let answer = session::with(context, async |rest| rest.heads(some.to_vec()).await).await?;
        let mut same = Vec::new();
        let mut newer = Vec::new();
        let mut older = Vec::new();
        context.look(|work| {
            for head in &answer.heads {
                let claim =
                    device_log::check_claim(&work.crypto, &head.user, head.branch, head.seq)?;
                match claim {
                    Claim::Current => same.push(head.user),
                    Claim::Fetch { .. } => newer.push(head.user),
                    // What is pinned stays; the relay shows an older log than before (A3).
                    Claim::Rollback => older.push(head.user),
                }
            }
            Ok(())
        })?;
        context.link.borrow_mut().compared.extend(same);
        for user in older {
            alarm(context, AlarmKind::Rollback, &user);
        }
        for user in newer {
            match fetch(context, &user).await {
                Ok(()) => {}
                Err(fault) if fault.is(ErrorCode::NotFound) => {}
                Err(fault) => return Err(fault),
            }
        }
        // Who is unknown to the relay (a deleted account) gets nothing new either.
        context
            .link
            .borrow_mut()
            .compared
            .extend(some.iter().copied());
    }
    context.changed.ring();
    context.outbox.ring();
    Ok(())
}

/// A doorbell named a head of this person: one that is not known here is looked up.
pub fn rung(work: &mut Work<'_>, user: &UserId, head: &Head) -> Result<(), Fault> {
    let log = device_log::get(&work.crypto, user)?;
    if !log.is_some_and(|log| log.contains(head)) {
        work.look_up(user);
    }
    Ok(())
}

/// Appends an operation to the own device log. Another device may be faster: then its entry is
/// read first and the operation is tried on top of it, if it is still allowed there.
pub async fn append_own(context: &Context, op: DeviceOp) -> Result<(), Fault> {
    let _turn = context.own_log.lock().await;
    let user = accounts::current(context)?.user;
    for _ in 0..RACES {
        let entry =
            context.look(|work| Ok(device_log::own_entry(&mut work.crypto, op.clone())?))?;
        let bytes = entry.bytes.clone();
        let posted = session::with(context, async |rest| {
            rest.append_device_entry(bytes.clone(), entry.seq).await
        })
        .await;
        match posted {
            Ok(_) => {
                crate::kill_point!("own-log.after-post");
                context.input(|work| take(work, &user, &[entry.bytes]))?;
                return Ok(());
            }
            Err(fault) if fault.is(ErrorCode::StaleSeq) => fetch(context, &user).await?,
            Err(fault) => return Err(fault),
        }
    }
    Err(Fault::refused(ErrorCode::StaleSeq))
}
