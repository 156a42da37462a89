//! A message row of the stream: judged, then shown, kept sealed, or dropped.

use chatty_crypto::content::Body as Said;
use chatty_crypto::content::to_device::{ToDeviceBody, WithheldCode};
use chatty_crypto::megolm::{
    self, Ask, DeviceRef, Hold, Incoming, Quarantine, Shown, Unreadable, Verdict,
};
use chatty_crypto::{conversation as logs, device_log};
use chatty_protocol::codec::encode;
use chatty_protocol::frame::RowFrame;
use chatty_protocol::{UserId, limits};

use crate::api::Event;
use crate::api::events::AlarmKind;
use crate::api::state::MessageState;
use crate::engine::{Fault, Work};
use crate::message::show;
use crate::outbox::items;
use crate::store::message::sealed::{self, SealedRow};
use crate::store::message::write::{self, Inserted};
use crate::store::message::{self, Body, Kind, MessageRow};

/// How a row that cannot be shown is kept.
struct Kept {
    state: MessageState,
    shown: bool,
    reason: Option<&'static str>,
    retry_ms: Option<u64>,
    until_ms: Option<u64>,
}

/// Judges a message of another device and stores what comes of it. `again` = the sealed row of
/// an earlier try.
pub fn message(
    work: &mut Work<'_>,
    frame: &RowFrame,
    incoming: &Incoming<'_>,
    again: Option<&SealedRow>,
) -> Result<(), Fault> {
    let drained = work.drained;
    let verdict = megolm::receive(&mut work.crypto, incoming, drained)?;
    match verdict {
        Verdict::Show(shown) => open(work, incoming, &shown, again),
        Verdict::Ignore => {
            again_numbered(work, incoming)?;
            done(work, again)
        }
        Verdict::Drop => {
            tracing::debug!(conv = %incoming.send.conv, "a row was dropped");
            done(work, again)
        }
        Verdict::CloneAlarm => {
            alarm(work, AlarmKind::Clone, incoming);
            done(work, again)
        }
        Verdict::Unreadable(why) => {
            let mut kept = unreadable(why);
            match why {
                Unreadable::KeyLate => kept.retry_ms = ask(work, incoming)?,
                Unreadable::KeyLost { .. } if again.is_none() => look_for_device(work, incoming)?,
                _ => {}
            }
            keep(work, frame, incoming, again, kept)
        }
        Verdict::NeedsUpdate => {
            let kept = Kept {
                state: MessageState::NeedsUpdate,
                ..waiting(None)
            };
            keep(work, frame, incoming, again, kept)
        }
        Verdict::Hold(hold) => {
            match &hold {
                Hold::LogMismatch if again.is_none() => show_ours(work, incoming)?,
                Hold::DeviceLogMismatch(user) if again.is_none() => {
                    show_devices(work, incoming, user)?;
                }
                _ => {}
            }
            let kept = held(work, incoming, hold);
            keep(work, frame, incoming, again, kept)
        }
        Verdict::Quarantine(why) => {
            match why {
                Quarantine::Renamed => alarm(work, AlarmKind::Forged, incoming),
                Quarantine::IndexReused => alarm(work, AlarmKind::Clone, incoming),
                _ => {}
            }
            let kept = quarantined(work, why);
            keep(work, frame, incoming, again, kept)
        }
    }
}

/// Nobody could be asked for the key, perhaps because the device is new: its owner's log says so,
/// and then the row is judged again.
fn look_for_device(work: &mut Work<'_>, incoming: &Incoming<'_>) -> Result<(), Fault> {
    let log = device_log::get(&work.crypto, incoming.user)?;
    if !log.is_some_and(|log| log.devices.contains_key(incoming.device)) {
        work.look_up(incoming.user);
    }
    Ok(())
}

/// A message that is here already came under a new number: the relay was restored.
fn again_numbered(work: &mut Work<'_>, incoming: &Incoming<'_>) -> Result<(), Fault> {
    let (conv, n) = (&incoming.send.conv, incoming.send.n);
    let known = message::by_dev_seq(work.db, conv, incoming.device, n)?;
    let same = known.filter(|row| row.seq.is_none() && row.msg == Some(incoming.send.msg));
    if let (Some(row), Some(seq)) = (same, incoming.seq) {
        write::renumber(work.db, row.row, seq, incoming.time)?;
        work.message_changed(row.row);
    }
    Ok(())
}

/// A sealed row whose verdict is that it was never needed: a repeat of what is here, or nothing.
fn done(work: &mut Work<'_>, again: Option<&SealedRow>) -> Result<(), Fault> {
    let Some(sealed) = again else {
        return Ok(());
    };
    let row = message::by_row(work.db, sealed.row)?;
    write::remove(work.db, sealed.row)?;
    if let Some(row) = row.filter(|row| row.shown)
        && let Some(id) = row.msg
    {
        work.tell(Event::MessageRemoved { chat: row.conv, id });
    }
    Ok(())
}

fn alarm(work: &mut Work<'_>, kind: AlarmKind, incoming: &Incoming<'_>) {
    work.tell(Event::Alarm {
        kind,
        chat: Some(incoming.send.conv),
        user: Some(*incoming.user),
    });
}

fn waiting(reason: Option<&'static str>) -> Kept {
    Kept {
        state: MessageState::KeyComing,
        shown: true,
        reason,
        retry_ms: None,
        until_ms: None,
    }
}

fn unreadable(why: Unreadable) -> Kept {
    let (state, reason) = match why {
        Unreadable::KeyComing => (MessageState::KeyComing, None),
        Unreadable::KeyLate => (MessageState::KeyLate, None),
        Unreadable::KeyLost { withheld } => (MessageState::KeyLost, withheld.map(said)),
        Unreadable::BeforeJoin => (MessageState::BeforeJoin, None),
        Unreadable::BeforeLink => (MessageState::BeforeLink, None),
    };
    Kept {
        state,
        ..waiting(reason)
    }
}

/// What the owner of a key said about not giving it.
fn said(withheld: WithheldCode) -> &'static str {
    match withheld {
        WithheldCode::NotSigned => "withheld: this device was in no list",
        WithheldCode::VerifiedOnly => "withheld: for verified people only",
        WithheldCode::NoKey => "withheld: the sender has no key for this device",
        WithheldCode::Dormant => "withheld: this device was away for long",
    }
}

/// What a held row waits for, and whom to ask.
fn held(work: &mut Work<'_>, incoming: &Incoming<'_>, hold: Hold) -> Kept {
    match hold {
        Hold::NeedConversationLog => {
            work.behind(&incoming.send.conv);
            waiting(Some("membership"))
        }
        Hold::NeedDeviceLog(user) => {
            work.look_up(&user);
            waiting(Some("devices"))
        }
        Hold::LogMismatch | Hold::DeviceLogMismatch(_) => Kept {
            state: MessageState::LogMismatch,
            ..waiting(Some("history"))
        },
        Hold::WaitingCut => Kept {
            state: MessageState::WaitingCut,
            shown: false,
            ..waiting(Some("cut"))
        },
        Hold::TooManyFailures => Kept {
            retry_ms: Some(work.now_ms().saturating_add(limits::MINUTE_MS)),
            ..waiting(None)
        },
    }
}

/// The sender sees another history of the conversation: it is shown ours, and a fork is proven on
/// whichever side was lied to.
fn show_ours(work: &mut Work<'_>, incoming: &Incoming<'_>) -> Result<(), Fault> {
    if let Some(proof) = logs::newest_proof(&work.crypto, &incoming.send.conv)? {
        let to = DeviceRef {
            user: *incoming.user,
            device: *incoming.device,
        };
        items::push(work, &to, &ToDeviceBody::Evidence(proof))?;
    }
    Ok(())
}

/// The sender's account has another history than the one that is pinned here: it is shown what is
/// pinned, and answers with its own.
fn show_devices(work: &mut Work<'_>, incoming: &Incoming<'_>, user: &UserId) -> Result<(), Fault> {
    if let Some(proof) = device_log::proof(&work.crypto, user)? {
        let to = DeviceRef {
            user: *incoming.user,
            device: *incoming.device,
        };
        items::push(work, &to, &ToDeviceBody::Evidence(proof))?;
    }
    Ok(())
}

fn quarantined(work: &Work<'_>, why: Quarantine) -> Kept {
    let reason = match why {
        Quarantine::NotAuthentic => "not authentic",
        Quarantine::Renamed => "renamed",
        Quarantine::IndexReused => show::CLONED,
        Quarantine::Malformed => "malformed",
        Quarantine::WrongBinding => "wrong binding",
        Quarantine::WrongEnvelope => "wrong envelope",
        Quarantine::NotEntitled => "not entitled",
        Quarantine::AfterClose => "after close",
    };
    Kept {
        state: MessageState::KeyLost,
        // Whoever wrote it believes that it arrived, so its place is shown. Nobody but the sender
        // can make such a row; everything else here may be a relay's invention.
        shown: why == Quarantine::IndexReused,
        reason: Some(reason),
        retry_ms: None,
        until_ms: Some(work.now_ms().saturating_add(limits::QUARANTINE_MS)),
    }
}

/// Asks for a key that did not come. When the next one may be asked, Unix ms: nobody answers for
/// sure, so time alone must bring the row on.
fn ask(work: &mut Work<'_>, incoming: &Incoming<'_>) -> Result<Option<u64>, Fault> {
    let owner = DeviceRef {
        user: *incoming.user,
        device: *incoming.device,
    };
    let session = incoming.send.session;
    let conv = incoming.send.conv;
    let now = work.now_ms();
    Ok(
        match megolm::request_key(&mut work.crypto, &conv, &owner, &session)? {
            Ask::Send { to, body } => {
                items::push(work, &to, &body)?;
                Some(now.saturating_add(limits::KEY_REQUEST_MS))
            }
            Ask::Open { until_ms } => Some(until_ms),
            // The budget is one of an hour.
            Ask::Later => Some(now.saturating_add(limits::HOUR_MS)),
            Ask::Exhausted => None,
        },
    )
}

/// Finds a place for a sealed row. A relay's claim replaces nothing that was proven, and of two
/// claims the first stays, unless it has failed its check already.
fn place(work: &mut Work<'_>, mut row: MessageRow) -> Result<Option<i64>, Fault> {
    loop {
        let other = match write::insert(work.db, &row)? {
            Inserted::New(new) => return Ok(Some(new)),
            Inserted::Known(other) | Inserted::Clash(other) => other,
        };
        let Some(old) = message::by_row(work.db, other)? else {
            return Err(Fault::Bug("a row is gone within its own transaction"));
        };
        let failed = sealed::get(work.db, other)?.is_some_and(|kept| kept.until_ms.is_some());
        if old.kind == Kind::Sealed && failed && row.shown {
            write::remove(work.db, other)?;
        } else if (old.device, old.dev_seq) != (row.device, row.dev_seq) && row.seq.is_some() {
            // Only the stream number is taken: by a row of somebody else.
            row.seq = None;
        } else {
            return Ok(None);
        }
    }
}

/// Stores a row that cannot be shown, with its frame for the next try.
fn keep(
    work: &mut Work<'_>,
    frame: &RowFrame,
    incoming: &Incoming<'_>,
    again: Option<&SealedRow>,
    kept: Kept,
) -> Result<(), Fault> {
    let row = match again {
        Some(sealed) => {
            write::set_state(work.db, sealed.row, kept.state, kept.reason)?;
            work.message_changed(sealed.row);
            sealed.row
        }
        None => match place(work, sealed_row(incoming, &kept))? {
            Some(row) => {
                work.message_added(row);
                row
            }
            None => return Ok(()),
        },
    };
    sealed::put(
        work.db,
        &SealedRow {
            row,
            frame: encode(frame),
            tries: again.map_or(1, |sealed| sealed.tries + 1),
            retry_ms: kept.retry_ms,
            until_ms: kept.until_ms,
        },
    )?;
    work.recount(&incoming.send.conv);
    work.chat_changed(&incoming.send.conv);
    Ok(())
}

fn sealed_row(incoming: &Incoming<'_>, kept: &Kept) -> MessageRow {
    MessageRow {
        row: 0,
        conv: incoming.send.conv,
        author: *incoming.user,
        device: *incoming.device,
        msg: Some(incoming.send.msg),
        dev_seq: incoming.send.n,
        seq: incoming.seq,
        kind: Kind::Sealed,
        shown: kept.shown,
        mine: false,
        // Only what may still become readable counts.
        unread: matches!(kept.state, MessageState::KeyComing | MessageState::KeyLate) && kept.shown,
        at_ms: incoming.time,
        sent_at_ms: incoming.time,
        state: kept.state,
        reason: kept.reason.map(str::to_owned),
        body: Body::default(),
        edited: false,
        deleted: false,
        expires_at_ms: None,
        older_membership: None,
    }
}

/// A message that passed every check.
fn open(
    work: &mut Work<'_>,
    incoming: &Incoming<'_>,
    shown: &Shown,
    again: Option<&SealedRow>,
) -> Result<(), Fault> {
    if matches!(shown.content.body, Said::Receipt(_) | Said::Typing(_)) {
        // Checked by the machine already: these types do not travel in this lane.
        return Ok(());
    }
    let place = show::Place {
        seq: incoming.seq,
        at_ms: incoming.time,
        row: again.map(|sealed| sealed.row),
    };
    show::content(work, &incoming.send.conv, shown, place)
}
