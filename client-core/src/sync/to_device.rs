//! Items between devices: taken in order, committed, then acknowledged.

use chatty_crypto::conversation::Evidenced;
use chatty_crypto::device_log::{Gossip, LogStop};
use chatty_crypto::dispatch::{self, Effect, Received};
use chatty_crypto::megolm::KeyOutcome;
use chatty_crypto::olm::{self, Ignored, Peer};
use chatty_protocol::codec::{decode_exact, encode};
use chatty_protocol::frame::TdItem;
use chatty_protocol::{ConvId, UserId, limits};

use super::retry;
use crate::api::Event;
use crate::api::events::AlarmKind;
use crate::engine::{Context, Fault, Work};
use crate::outbox::bodies::{self, When};
use crate::outbox::items;
use crate::store::item::{self, ItemIn};
use crate::store::{account, body};
use crate::{conversation as conversations, device, message};

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Committed; acknowledge it.
    Done,
    /// This person's device log must be read first; nothing was written.
    NeedLog(UserId),
}

/// Takes an item in. `log_fresh` = the sender's log was compared since the connect.
pub fn take(work: &mut Work<'_>, frame: &TdItem, log_fresh: bool) -> Result<Taken, Fault> {
    // Sent again because our acknowledgement was lost. The number alone does not say so: it is the
    // relay's, and one lie about it must not silence the device for ever.
    if item::cursor(work.db, &frame.device)? >= frame.n
        && olm::took(&work.crypto, &frame.device, &frame.item.id.0)?
    {
        return Ok(Taken::Done);
    }
    if let Taken::NeedLog(user) = judge(work, frame, log_fresh)? {
        return Ok(Taken::NeedLog(user));
    }
    item::set_cursor(work.db, &frame.device, frame.n)?;
    Ok(Taken::Done)
}

/// Decrypts an item and does everything that follows.
fn judge(work: &mut Work<'_>, frame: &TdItem, log_fresh: bool) -> Result<Taken, Fault> {
    match dispatch::receive(&mut work.crypto, frame, log_fresh)? {
        Received::NeedLog(user) => return Ok(Taken::NeedLog(user)),
        Received::Park => park(work, frame)?,
        Received::Ignored(Ignored::NeedsUpdate) => keep_for_update(work, frame)?,
        Received::Ignored(_) => {}
        Received::Failed(failure) => {
            if let Some(body) = olm::reset(&mut work.crypto, &failure.from, failure.session)? {
                bodies::keep(work, &failure.from, &body, When::NewSession)?;
            }
        }
        Received::CloneAlarm(peer) => alarm(work, AlarmKind::Clone, None, Some(peer.user)),
        Received::Done {
            from,
            effects,
            replies,
        } => {
            // Whoever could write to us can be answered.
            body::wake(work.db, &from.device)?;
            for (to, body) in replies {
                items::push(work, &to, &body)?;
            }
            for effect in effects {
                follow(work, &from, effect)?;
            }
        }
    }
    Ok(Taken::Done)
}

fn alarm(work: &mut Work<'_>, kind: AlarmKind, chat: Option<ConvId>, user: Option<UserId>) {
    work.tell(Event::Alarm { kind, chat, user });
}

/// Too many failures of this device: tried again in a minute (A31).
fn park(work: &mut Work<'_>, frame: &TdItem) -> Result<(), Fault> {
    let now = work.now_ms();
    Ok(item::keep(
        work.db,
        &ItemIn {
            device: frame.device,
            n: frame.n,
            frame: encode(frame),
            retry_ms: Some(now.saturating_add(limits::MINUTE_MS)),
            until_ms: now.saturating_add(limits::INBOX_MS),
        },
    )?)
}

fn keep_for_update(work: &mut Work<'_>, frame: &TdItem) -> Result<(), Fault> {
    let now = work.now_ms();
    Ok(item::keep(
        work.db,
        &ItemIn {
            device: frame.device,
            n: frame.n,
            frame: encode(frame),
            retry_ms: None,
            until_ms: now.saturating_add(limits::QUARANTINE_MS),
        },
    )?)
}

/// Parked items whose time has come.
pub fn due(context: &Context) -> Result<(), Fault> {
    let now = context.platform.now_ms();
    for kept in context.read(|db| item::kept_due(db, now, limits::ITEMS_UNACKED))? {
        context.input(|work| {
            item::forget(work.db, &kept.device, kept.n)?;
            let Ok(frame) = decode_exact::<TdItem>(&kept.frame) else {
                return Ok(());
            };
            // Still over the budget: it is kept once more.
            judge(work, &frame, true)?;
            Ok(())
        })?;
    }
    Ok(())
}

/// What follows from an authenticated body.
fn follow(work: &mut Work<'_>, from: &Peer, effect: Effect) -> Result<(), Fault> {
    match effect {
        Effect::Key(outcome) => key(work, outcome)?,
        Effect::Gossip(Gossip::Ahead) => {
            // A contact knows entries of our own log that we do not.
            if let Some(own) = account::get(work.db)? {
                work.look_up(&own.user);
            }
        }
        Effect::Gossip(Gossip::Fork) => {
            alarm(work, AlarmKind::DeviceLogForked, None, Some(from.user));
        }
        Effect::Gossip(_) => {}
        Effect::PeerReset => work.outbox_changed(),
        Effect::Pins(imported) => device::pins::imported(work, &imported)?,
        Effect::Read {
            conv,
            positions,
            time,
        } => message::read::on_another_device(work, &conv, &positions, time)?,
        Effect::Setting { name, value, rev } => {
            device::setting::take(work, from, name, value, rev)?;
        }
        Effect::ConversationEvidence { conv, evidenced } => {
            match evidenced {
                Evidenced::Frozen => {
                    alarm(work, AlarmKind::ConversationForked, Some(conv), None);
                }
                Evidenced::Ahead => work.behind(&conv),
                Evidenced::NeedLog(user) => work.look_up(&user),
                Evidenced::Nothing => {}
            }
            conversations::log::refresh(work, &conv)?;
        }
        Effect::UserEvidence { user, outcome } => {
            if outcome.stop == Some(LogStop::Forked) {
                alarm(work, AlarmKind::DeviceLogForked, None, Some(user));
            }
            conversations::contact::tell(work, &user)?;
        }
        Effect::Profile(profile) => conversations::contact::profile(work, from, &profile)?,
        // Verification of other people is not part of this version; unknown types and refused
        // bodies change nothing.
        Effect::Verify(_) | Effect::Unknown { .. } | Effect::Refused(_) => {}
    }
    Ok(())
}

fn key(work: &mut Work<'_>, outcome: KeyOutcome) -> Result<(), Fault> {
    match outcome {
        KeyOutcome::Stored {
            conv,
            owner,
            session,
            fetch_log,
            sender_missed_revoke,
        } => {
            if fetch_log {
                work.behind(&conv);
            }
            if sender_missed_revoke {
                alarm(work, AlarmKind::RemovedDevice, Some(conv), None);
            }
            retry::session(work, &conv, &owner, &session)?;
            conversations::log::refresh(work, &conv)
        }
        KeyOutcome::CloneAlarm { .. } => {
            alarm(work, AlarmKind::Clone, None, None);
            Ok(())
        }
        KeyOutcome::Meta { conv } => conversations::log::refresh(work, &conv),
        KeyOutcome::Withheld { conv } => retry::conversation(work, &conv),
        KeyOutcome::Known => Ok(()),
        KeyOutcome::Rejected(why) => {
            tracing::debug!(why, "a key was rejected");
            Ok(())
        }
    }
}
