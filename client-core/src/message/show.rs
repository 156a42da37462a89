//! What an authentic content does to the timeline. Order does not matter: an edit, a deletion or
//! a reaction may come before what it is about.

use chatty_crypto::content::{Body as Said, Content, MessageRef};
use chatty_crypto::megolm::Shown;
use chatty_protocol::codec::encode;
use chatty_protocol::{ConvId, DeviceId, UserId};

use crate::api::Event;
use crate::api::state::MessageState;
use crate::engine::{Fault, Work};
use crate::store::message::change::{self, Target};
use crate::store::message::version::{self, Edit};
use crate::store::message::write::{self, Inserted};
use crate::store::message::{self, Body, Kind, MessageRow};
use crate::store::{account, contact, conversation};

/// Where a content stands.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Stream number; none while in the outbox.
    pub seq: Option<u64>,
    /// Time of acceptance, or of writing, Unix ms.
    pub at_ms: u64,
    /// The sealed row that it replaces.
    pub row: Option<i64>,
}

/// Who wrote it, proven.
#[derive(Debug, Clone, Copy)]
pub struct Author {
    /// Person.
    pub user: UserId,
    /// Device.
    pub device: DeviceId,
    /// Number in that device's chain.
    pub dev_seq: u64,
}

/// Reason of a message that came while two devices write under its sender's identity; it goes
/// when that device is removed from its account.
pub const CLONED: &str = "cloned";

/// The device is gone for good: what it wrote is no longer in doubt for that reason.
pub fn clone_is_gone(work: &mut Work<'_>, device: &DeviceId) -> Result<(), Fault> {
    for row in write::clear_reason(work.db, device, CLONED)? {
        work.message_changed(row);
    }
    Ok(())
}

/// A received content.
pub fn content(
    work: &mut Work<'_>,
    conv: &ConvId,
    shown: &Shown,
    place: Place,
) -> Result<(), Fault> {
    let author = Author {
        user: shown.user,
        device: shown.device,
        dev_seq: shown.dev_seq,
    };
    let mine = account::get(work.db)?.is_some_and(|own| own.user == shown.user);
    let mut row = row_of(conv, author, &shown.content, place, mine);
    if !mine && silenced(work, conv, &shown.user)? {
        (row.shown, row.unread) = (false, false);
    }
    if shown.older_membership {
        row.older_membership = Some(shown.user);
    }
    row.reason = shown.cloned.then(|| CLONED.to_owned());
    place_row(work, row, place)?;
    apply(work, conv, author, &shown.content, place.at_ms)?;
    finish(work, conv);
    Ok(())
}

/// Whether this user blocked the other side of a direct conversation: what comes from there
/// while the block stands is never shown, and the other side cannot tell.
fn silenced(work: &Work<'_>, conv: &ConvId, user: &UserId) -> Result<bool, Fault> {
    let direct = conversation::get(work.db, conv)?.is_some_and(|row| row.peer == Some(*user));
    Ok(direct && contact::is_blocked(work.db, user)?)
}

/// An own content on its way into the outbox.
pub fn own(
    work: &mut Work<'_>,
    conv: &ConvId,
    author: Author,
    content: &Content,
) -> Result<(), Fault> {
    let place = Place {
        seq: None,
        at_ms: work.now_ms(),
        row: None,
    };
    let mut row = row_of(conv, author, content, place, true);
    row.state = MessageState::Waiting;
    row.expires_at_ms = None;
    place_row(work, row, place)?;
    apply(work, conv, author, content, place.at_ms)?;
    finish(work, conv);
    Ok(())
}

fn finish(work: &mut Work<'_>, conv: &ConvId) {
    work.recount(conv);
    work.chat_changed(conv);
}

fn place_row(work: &mut Work<'_>, row: MessageRow, place: Place) -> Result<(), Fault> {
    if let Some(sealed) = place.row {
        write::replace(work.db, sealed, &row)?;
        work.message_changed(sealed);
        return Ok(());
    }
    match write::insert(work.db, &row)? {
        Inserted::New(new) => work.message_added(new),
        Inserted::Known(other) | Inserted::Clash(other) => beside(work, other, row)?,
    }
    Ok(())
}

/// Another row stands where this authentic message belongs.
fn beside(work: &mut Work<'_>, other: i64, mut row: MessageRow) -> Result<(), Fault> {
    let Some(old) = message::by_row(work.db, other)? else {
        return Err(Fault::Bug("a row is gone within its own transaction"));
    };
    if matches!(old.kind, Kind::Sealed | Kind::Void) {
        return take_over(work, &old, row);
    }
    if old.device == row.device && old.dev_seq == row.dev_seq {
        // The same message under a place that is new: after a restore of the relay.
        if let Some(seq) = row.seq {
            write::renumber(work.db, other, seq, row.at_ms)?;
        }
        work.message_changed(other);
        return Ok(());
    }
    // The relay gave one number to two authentic messages. Both are shown; this one gets its
    // number when it comes again under another.
    tracing::warn!(conv = %row.conv, "two authentic messages claim one place");
    row.seq = None;
    if let Inserted::New(new) = write::insert(work.db, &row)? {
        work.message_added(new);
    }
    Ok(())
}

/// A row that nobody could prove gives way to an authentic one.
fn take_over(work: &mut Work<'_>, old: &MessageRow, row: MessageRow) -> Result<(), Fault> {
    write::remove(work.db, old.row)?;
    let same = old.shown && old.msg == row.msg;
    if let (true, false, Some(id)) = (old.shown, same, old.msg) {
        let chat = old.conv;
        work.tell(Event::MessageRemoved { chat, id });
    }
    match write::insert(work.db, &row)? {
        Inserted::New(new) if same => work.message_changed(new),
        Inserted::New(new) => work.message_added(new),
        // One stood under its number in the device's chain, this one under its stream number.
        Inserted::Known(other) | Inserted::Clash(other) => beside(work, other, row)?,
    }
    Ok(())
}

fn row_of(
    conv: &ConvId,
    author: Author,
    content: &Content,
    place: Place,
    mine: bool,
) -> MessageRow {
    let (kind, body) = body_of(content);
    let shown = matches!(kind, Kind::Text | Kind::Unsupported);
    let timer_ms = content.expires_s.saturating_mul(1_000);
    MessageRow {
        row: 0,
        conv: *conv,
        author: author.user,
        device: author.device,
        msg: Some(content.msg),
        dev_seq: author.dev_seq,
        seq: place.seq,
        kind,
        shown,
        mine,
        unread: shown && !mine,
        at_ms: place.at_ms,
        sent_at_ms: content.sent_at,
        state: state_of(kind, mine),
        reason: None,
        body,
        edited: false,
        deleted: false,
        // At the sender the timer counts from acceptance, on every device of the sender; at a
        // recipient from the first display.
        expires_at_ms: (mine && timer_ms > 0).then(|| place.at_ms.saturating_add(timer_ms)),
        older_membership: None,
    }
}

fn state_of(kind: Kind, mine: bool) -> MessageState {
    match (kind, mine) {
        (Kind::Unsupported, _) => MessageState::Unsupported,
        (_, true) => MessageState::Sent,
        (_, false) => MessageState::Delivered,
    }
}

fn body_of(content: &Content) -> (Kind, Body) {
    let mut body = Body {
        expires_s: content.expires_s,
        ..Body::default()
    };
    let kind = match &content.body {
        Said::Text(text) => {
            body.text = Some(text.text.clone());
            body.spans = encode(&text.spans);
            body.mentions = text.mentions.clone();
            body.reply_to = content.rel.as_ref().map(|rel| (rel.author, rel.msg));
            Kind::Text
        }
        Said::Edit(_) => Kind::Edit,
        Said::Delete => Kind::Delete,
        Said::Reaction(_) => Kind::Reaction,
        _ => {
            body.text = content.fallback();
            Kind::Unsupported
        }
    };
    (kind, body)
}

/// What an edit, deletion or reaction does to its target.
fn apply(
    work: &mut Work<'_>,
    conv: &ConvId,
    author: Author,
    content: &Content,
    at_ms: u64,
) -> Result<(), Fault> {
    let Some(MessageRef { author: whose, msg }) = &content.rel else {
        return Ok(());
    };
    let target = Target {
        conv,
        author: whose,
        msg,
    };
    let changed = match &content.body {
        // Only who wrote a message changes or withdraws it.
        Said::Edit(edit) if *whose == author.user => {
            let edit = Edit {
                rev: edit.rev,
                msg: content.msg,
                at_ms,
                text: edit.text.text.clone(),
                spans: encode(&edit.text.spans),
                mentions: edit.text.mentions.clone(),
            };
            version::edit(work.db, target, &edit)?
        }
        Said::Delete if *whose == author.user => change::delete(work.db, target)?,
        Said::Reaction(reaction) => {
            let rev = (reaction.rev, &content.msg);
            let (by, emoji) = (&author.user, reaction.emoji.as_str());
            match change::react(work.db, target, by, rev, emoji, at_ms)? {
                true => message::get(work.db, conv, whose, msg)?.map(|row| row.row),
                false => None,
            }
        }
        _ => None,
    };
    if let Some(row) = changed {
        work.message_changed(row);
    }
    Ok(())
}
