//! Messages that a chain says exist and that are not here (A22).

use std::collections::BTreeMap;

use chatty_crypto::conversation as logs;
use chatty_crypto::device_log;
use chatty_crypto::megolm::{self, Gap};
use chatty_protocol::{ConvId, DeviceId, UserId, limits};

use crate::api::Event;
use crate::engine::{Context, Fault, Work};
use crate::store::{conversation, message, range};

/// Gaps per conversation and person: how many, and whether the timer explains all of them.
pub type Gaps = BTreeMap<(ConvId, UserId), (u64, bool)>;

/// Rows before a gap's end that are asked for once more.
const AGAIN: u64 = limits::PAGE as u64;

/// Tells which gaps are new, larger, smaller or closed since the last look of this engine.
pub fn look(context: &Context) -> Result<(), Fault> {
    if !context.link.borrow().caught_up {
        return Ok(());
    }
    let found = context.look(all)?;
    let now = count(&found);
    let before = context.gaps.replace(now.clone());
    let closed = before.keys().filter(|key| !now.contains_key(key));
    let closed = closed.map(|key| (key, (0, false)));
    let changed = now
        .iter()
        .filter(|(key, gap)| before.get(key) != Some(gap))
        .map(|(key, gap)| (key, *gap));
    for ((chat, user), (count, expired)) in changed.chain(closed) {
        context.events.tell(&Event::MessageMissing {
            chat: *chat,
            user: *user,
            count,
            expired,
        });
    }
    ask_again(context, &found)
}

fn count(found: &[(ConvId, UserId, Gap)]) -> Gaps {
    let mut gaps = Gaps::new();
    for (conv, user, gap) in found {
        let (count, expired) = gaps.entry((*conv, *user)).or_insert((0, true));
        *count += 1;
        *expired &= gap.maybe_expired;
    }
    gaps
}

fn all(work: &mut Work<'_>) -> Result<Vec<(ConvId, UserId, Gap)>, Fault> {
    let mut found = Vec::new();
    for (conv, _) in logs::heads(&work.crypto)? {
        for gap in megolm::gaps(&work.crypto, &conv)? {
            if let Some(user) = owner(work, &conv, &gap.device)? {
                found.push((conv, user, gap));
            }
        }
    }
    Ok(found)
}

/// The rows in which a missing message could stand are read once more per connection: whoever kept
/// it back may give it now.
fn ask_again(context: &Context, found: &[(ConvId, UserId, Gap)]) -> Result<(), Fault> {
    let new = not_asked(context, found);
    if new.is_empty() {
        return Ok(());
    }
    context.input(|work| {
        for (conv, device, before) in &new {
            let follower = message::by_dev_seq(work.db, conv, device, *before)?;
            let row = conversation::get(work.db, conv)?;
            let head = row.map_or(0, |row| row.stream_head.saturating_add(1));
            let end = follower.and_then(|row| row.seq).unwrap_or(head);
            let from = end.saturating_sub(AGAIN).max(1);
            range::forget(work.db, conv, from, end.saturating_sub(1))?;
            work.behind(conv);
        }
        Ok(())
    })?;
    context.link.borrow_mut().gaps_asked.extend(new);
    Ok(())
}

fn not_asked(context: &Context, found: &[(ConvId, UserId, Gap)]) -> Vec<(ConvId, DeviceId, u64)> {
    let link = context.link.borrow();
    found
        .iter()
        .map(|(conv, _, gap)| (*conv, gap.device, gap.before))
        .filter(|key| !link.gaps_asked.contains(key))
        .collect()
}

/// Whose device it is.
fn owner(work: &Work<'_>, conv: &ConvId, device: &DeviceId) -> Result<Option<UserId>, Fault> {
    let Some(state) = logs::state(&work.crypto, conv)? else {
        return Ok(None);
    };
    for user in state.members.keys() {
        if let Some(log) = device_log::get(&work.crypto, user)?
            && log.devices.contains_key(device)
        {
            return Ok(Some(*user));
        }
    }
    Ok(None)
}
