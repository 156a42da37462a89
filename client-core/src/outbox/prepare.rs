//! What must be true before anything is encrypted for a conversation: the log at the relay's head,
//! everybody's device logs compared since the connect, keys at the relay.

use chatty_crypto::megolm::{self, Lane, Prepared};
use chatty_crypto::olm::Peer;
use chatty_crypto::{conversation as logs, olm, profile};
use chatty_protocol::{ConvId, limits};

use super::{claim, items};
use crate::api::state::ChatState;
use crate::engine::{Context, Fault, Work};
use crate::store::{account, contact, conversation, item};

/// Whether one can encrypt now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Encrypt and send.
    Ready,
    /// Something is on its way; the outbox is rung when it is here.
    Wait,
    /// Not before so many ms.
    Later(u64),
    /// Nothing of this lane is sent in this conversation.
    Skip,
}

/// Whether this user is a member of an open conversation.
pub fn may_send(work: &mut Work<'_>, conv: &ConvId) -> Result<bool, Fault> {
    let row = conversation::get(work.db, conv)?;
    let Some(row) = row.filter(|row| row.state == ChatState::Open) else {
        return Ok(false);
    };
    // Who is blocked sees no receipt and no typing.
    Ok(match row.peer {
        Some(peer) => !contact::is_blocked(work.db, &peer)?,
        None => true,
    })
}

/// Brings a conversation as far as it can be brought now.
pub async fn prepare(context: &Context, conv: &ConvId, lane: Lane) -> Result<Step, Fault> {
    if !settled(context, conv)? {
        return Ok(Step::Wait);
    }
    loop {
        let prepared = context.input(|work| Ok(megolm::prepare(&mut work.crypto, conv, lane)?))?;
        let first = match prepared {
            Prepared::Skip => return Ok(Step::Skip),
            Prepared::Ready { first, started, .. } => {
                if started.is_some() {
                    raise_epoch(context)?;
                }
                first
            }
        };
        if first.is_empty() {
            break;
        }
        if let Some(wait) = share(context, conv, &first).await? {
            return Ok(Step::Later(wait));
        }
    }
    Ok(match keys_accepted(context, conv)? {
        true => Step::Ready,
        false => Step::Wait,
    })
}

/// The next recipients behind the first ones, after the message. The wait before more may be
/// served; none = everybody has the key.
pub async fn share_rest(context: &Context, conv: &ConvId) -> Result<Option<u64>, Fault> {
    let due =
        context.look(|work| Ok(megolm::keys_due(&work.crypto, conv, limits::CLAIM_TARGETS)?))?;
    if due.is_empty() {
        return Ok(None);
    }
    if !settled(context, conv)? {
        return Ok(Some(limits::SECOND_MS));
    }
    let wait = share(context, conv, &due).await?;
    Ok(Some(wait.unwrap_or(BETWEEN_MS)))
}

/// Batches of keys leave room for others between them.
const BETWEEN_MS: u64 = 1;

/// A new generation raises the rollback epoch, inside first, outside second.
fn raise_epoch(context: &Context) -> Result<(), Fault> {
    let epoch = context.input(|work| Ok(crate::store::Store::raise_epoch(work.db)?))?;
    Ok(context.platform.set_epoch(epoch)?)
}

/// Whether log and device logs are as the relay has them. What is missing is asked for.
fn settled(context: &Context, conv: &ConvId) -> Result<bool, Fault> {
    let (head, users) = context.look(|work| {
        let Some(state) = logs::state(&work.crypto, conv)? else {
            return Ok((None, Vec::new()));
        };
        let mut users: Vec<_> = state.entitled().copied().collect();
        users.extend(account::get(work.db)?.map(|own| own.user));
        Ok((Some(state.head.seq), users))
    })?;
    let mut link = context.link.borrow_mut();
    if !link.drained() || link.behind.contains(conv) {
        return Ok(false);
    }
    let Some(head) = head else { return Ok(false) };
    if link.log_heads.get(conv).is_some_and(|at| *at > head) {
        link.behind.insert(*conv);
        drop(link);
        context.changed.ring();
        return Ok(false);
    }
    let missing: Vec<_> = users
        .into_iter()
        .filter(|user| !link.compared.contains(user))
        .collect();
    if missing.is_empty() {
        return Ok(true);
    }
    link.people.extend(missing);
    drop(link);
    context.changed.ring();
    Ok(false)
}

/// Gives the key to these devices: sessions first, then one item each, in one transaction. The
/// wait before the others of them can be served, if new sessions had to be put off.
async fn share(context: &Context, conv: &ConvId, devices: &[Peer]) -> Result<Option<u64>, Fault> {
    let missing = context.input(|work| Ok(olm::missing_sessions(&mut work.crypto, devices)?))?;
    let (tried, wait) = claim::claim(context, &missing).await?;
    let untried = &missing[tried..];
    let now: Vec<Peer> = devices
        .iter()
        .filter(|device| !untried.contains(device))
        .copied()
        .collect();
    let last = context.input(|work| give(work, conv, &now))?;
    if let Some(last) = last {
        context.link.borrow_mut().barriers.insert(*conv, last);
    }
    context.outbox.ring();
    Ok((!untried.is_empty()).then_some(wait))
}

/// The key items for these devices, and the number of the last one. A device with which no
/// session can be had is dormant then.
fn give(work: &mut Work<'_>, conv: &ConvId, devices: &[Peer]) -> Result<Option<i64>, Fault> {
    let missing = olm::missing_sessions(&mut work.crypto, devices)?;
    let mut able = Vec::with_capacity(devices.len());
    for device in devices {
        if missing.contains(device) || olm::is_cloned(&work.crypto, &device.device)? {
            megolm::mark_dormant(&mut work.crypto, conv, device)?;
        } else {
            able.push(*device);
        }
    }
    let bodies = megolm::keys_for(&mut work.crypto, conv, &able)?;
    let mut last = None;
    for (device, body) in able.iter().zip(bodies) {
        last = Some(items::encrypt(work, device, &body, Some(*conv))?);
        // Who gets a key of ours learns how we are called.
        if let Some(body) = profile::due(&mut work.crypto, device)? {
            items::push(work, device, &body)?;
        }
    }
    Ok(last)
}

/// Whether every key item of this conversation that was made before now is at the relay.
fn keys_accepted(context: &Context, conv: &ConvId) -> Result<bool, Fault> {
    let barrier = context.link.borrow().barriers.get(conv).copied();
    // After a start it is not known which items are keys of this conversation: all of them count.
    let waits = context.read(|db| item::waits_up_to(db, barrier.unwrap_or(i64::MAX)))?;
    if !waits && barrier.is_none() {
        context.link.borrow_mut().barriers.insert(*conv, 0);
    }
    Ok(!waits)
}
