//! Rows of lane 1: reading them. Writing is in [`mod@write`], later changes of a message in
//! [`change`] and [`version`], ciphertext that waits in [`sealed`], disappearing in [`expire`].

pub mod change;
pub mod expire;
pub mod sealed;
pub mod span;
pub mod version;
pub mod view;
pub mod write;

use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};
use rusqlite::Row;

use super::value::{self, all, int, number, one, optional_number, word};
use super::{Db, StoreError};
use crate::api::macros::words;
use crate::api::state::MessageState;

words! {
    /// What a row of the stream is.
    pub enum Kind {
        /// Text.
        Text = "text",
        /// Changes another message.
        Edit = "edit",
        /// Deletes another message.
        Delete = "delete",
        /// Reacts to another message.
        Reaction = "reaction",
        /// A membership entry.
        Entry = "entry",
        /// Content purged or expired; only its position is known.
        Void = "void",
        /// Not readable yet, or never; the frame may wait in `sealed`.
        Sealed = "sealed",
        /// Readable, of an unknown type; `text` is its fallback.
        Unsupported = "unsupported",
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Number in this store; 0 before it was written.
    pub row: i64,
    /// Conversation.
    pub conv: ConvId,
    /// Sender.
    pub author: UserId,
    /// Sender's device.
    pub device: DeviceId,
    /// Message id; none for void rows that never were readable, and for entries.
    pub msg: Option<MsgId>,
    /// Number in the sender device's chain; 0 for entries.
    pub dev_seq: u64,
    /// Stream number; none while in the outbox.
    pub seq: Option<u64>,
    /// What it is.
    pub kind: Kind,
    /// Whether it stands in the timeline.
    pub shown: bool,
    /// Whether this user wrote it, on whatever device.
    pub mine: bool,
    /// Whether it counts as unread.
    pub unread: bool,
    /// Time of acceptance (unsent: of writing), Unix ms.
    pub at_ms: u64,
    /// As the sender claims, Unix ms.
    pub sent_at_ms: u64,
    /// Where it stands.
    pub state: MessageState,
    /// Code of a failure, or what a held row waits for.
    pub reason: Option<String>,
    /// What it says.
    pub body: Body,
    /// Whether the text is an edited one.
    pub edited: bool,
    /// Whether the sender deleted it.
    pub deleted: bool,
    /// When it disappears, Unix ms; set when its timer runs.
    pub expires_at_ms: Option<u64>,
    /// Who had left already when it was accepted.
    pub older_membership: Option<UserId>,
}

/// What a readable row says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// The text; none when unreadable, deleted or expired.
    pub text: Option<String>,
    /// Canonical CBOR of the spans, as in the content.
    pub spans: Vec<u8>,
    /// People named in it.
    pub mentions: Vec<UserId>,
    /// Author and id of the message that it answers.
    pub reply_to: Option<(UserId, MsgId)>,
    /// Disappearing timer, seconds; 0 = none.
    pub expires_s: u64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT row, conv, author, device, msg, dev_seq, seq, kind, shown, mine, unread, \
             at_ms, sent_at_ms, state, reason, text, spans, mentions, reply_author, reply_msg, \
             edited, deleted, expires_s, expires_at_ms, older_membership FROM message ",
            $rest
        )
    };
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<MessageRow> {
    let reply = value::optional_user(row, 18)?.zip(value::optional_msg(row, 19)?);
    Ok(MessageRow {
        row: row.get(0)?,
        conv: value::conv(row, 1)?,
        author: value::user(row, 2)?,
        device: value::device(row, 3)?,
        msg: value::optional_msg(row, 4)?,
        dev_seq: number(row, 5)?,
        seq: optional_number(row, 6)?,
        kind: word(row, 7)?,
        shown: row.get(8)?,
        mine: row.get(9)?,
        unread: row.get(10)?,
        at_ms: number(row, 11)?,
        sent_at_ms: number(row, 12)?,
        state: word(row, 13)?,
        reason: row.get(14)?,
        body: Body {
            text: row.get(15)?,
            spans: row.get::<_, Option<Vec<u8>>>(16)?.unwrap_or_default(),
            mentions: value::optional_cbor(row, 17)?.unwrap_or_default(),
            reply_to: reply,
            expires_s: number(row, 22)?,
        },
        edited: row.get(20)?,
        deleted: row.get(21)?,
        expires_at_ms: optional_number(row, 23)?,
        older_membership: value::optional_user(row, 24)?,
    })
}

/// The message that a reference [author, msg] names.
pub fn get(
    db: &dyn Db,
    conv: &ConvId,
    author: &UserId,
    msg: &MsgId,
) -> Result<Option<MessageRow>, StoreError> {
    one(
        db.connection(),
        select!("WHERE conv = ?1 AND author = ?2 AND msg = ?3 ORDER BY sort LIMIT 1"),
        (conv.as_ref(), author.as_ref(), msg.as_ref()),
        read,
    )
}

/// The message of this id, as shells name it: shown rows first.
pub fn find(db: &dyn Db, conv: &ConvId, msg: &MsgId) -> Result<Option<MessageRow>, StoreError> {
    one(
        db.connection(),
        select!("WHERE conv = ?1 AND msg = ?2 ORDER BY shown DESC, sort LIMIT 1"),
        (conv.as_ref(), msg.as_ref()),
        read,
    )
}

/// By its number in this store.
pub fn by_row(db: &dyn Db, row: i64) -> Result<Option<MessageRow>, StoreError> {
    one(db.connection(), select!("WHERE row = ?1"), [row], read)
}

/// By stream number.
pub fn by_seq(db: &dyn Db, conv: &ConvId, seq: u64) -> Result<Option<MessageRow>, StoreError> {
    one(
        db.connection(),
        select!("WHERE conv = ?1 AND seq = ?2"),
        (conv.as_ref(), int(seq)),
        read,
    )
}

/// Greatest stream number up to `head` under which a proven row stands; 0 = none.
pub fn newest_seq(db: &dyn Db, conv: &ConvId, head: u64) -> Result<u64, StoreError> {
    let found = one(
        db.connection(),
        "SELECT max(seq) FROM message WHERE conv = ?1 AND seq <= ?2
             AND kind NOT IN ('sealed', 'void')",
        (conv.as_ref(), int(head)),
        |row| optional_number(row, 0),
    )?;
    Ok(found.flatten().unwrap_or(0))
}

/// A message of a device by its id.
pub fn by_id(
    db: &dyn Db,
    conv: &ConvId,
    device: &DeviceId,
    msg: &MsgId,
) -> Result<Option<MessageRow>, StoreError> {
    one(
        db.connection(),
        select!("WHERE conv = ?1 AND device = ?2 AND msg = ?3"),
        (conv.as_ref(), device.as_ref(), msg.as_ref()),
        read,
    )
}

/// By its number in a device's chain.
pub fn by_dev_seq(
    db: &dyn Db,
    conv: &ConvId,
    device: &DeviceId,
    dev_seq: u64,
) -> Result<Option<MessageRow>, StoreError> {
    one(
        db.connection(),
        select!("WHERE conv = ?1 AND device = ?2 AND dev_seq = ?3 AND dev_seq > 0"),
        (conv.as_ref(), device.as_ref(), int(dev_seq)),
        read,
    )
}

/// Up to `limit` shown rows before the row `before` (`None` = the newest), oldest first.
pub fn window(
    db: &dyn Db,
    conv: &ConvId,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<MessageRow>, StoreError> {
    let mut rows = match before {
        None => all(
            db.connection(),
            select!("WHERE conv = ?1 AND shown = 1 ORDER BY sort DESC LIMIT ?2"),
            (conv.as_ref(), int(limit as u64)),
            read,
        )?,
        Some(before) => all(
            db.connection(),
            select!(
                "WHERE conv = ?1 AND shown = 1 AND sort < (SELECT sort FROM message WHERE row = ?2)
                 ORDER BY sort DESC LIMIT ?3"
            ),
            (conv.as_ref(), before, int(limit as u64)),
            read,
        )?,
    };
    rows.reverse();
    Ok(rows)
}

/// Up to `limit` shown rows from the row `from` on, itself included if `inclusive`, oldest first.
pub fn window_from(
    db: &dyn Db,
    conv: &ConvId,
    from: i64,
    inclusive: bool,
    limit: usize,
) -> Result<Vec<MessageRow>, StoreError> {
    all(
        db.connection(),
        select!(
            "WHERE conv = ?1 AND shown = 1 AND sort >= (SELECT sort FROM message WHERE row = ?2)
                 AND (?3 OR row <> ?2)
             ORDER BY sort LIMIT ?4"
        ),
        (conv.as_ref(), from, inclusive, int(limit as u64)),
        read,
    )
}

/// Whether an unread message names this person.
pub fn is_mentioned(db: &dyn Db, conv: &ConvId, user: &UserId) -> Result<bool, StoreError> {
    let found = one(
        db.connection(),
        // Ids stand in the list as they are, and no other 33 bytes of it can be one.
        "SELECT 1 FROM message WHERE conv = ?1 AND unread = 1 AND mentions IS NOT NULL
             AND instr(mentions, ?2) > 0 LIMIT 1",
        (conv.as_ref(), user.as_ref()),
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Newest row with a stream number that has a message id, for receipts.
pub fn newest(db: &dyn Db, conv: &ConvId) -> Result<Option<MessageRow>, StoreError> {
    one(
        db.connection(),
        select!(
            "WHERE conv = ?1 AND seq IS NOT NULL AND msg IS NOT NULL ORDER BY seq DESC LIMIT 1"
        ),
        [conv.as_ref()],
        read,
    )
}

/// Stream rows of a conversation in `lo..=hi`, whatever their kind, in order.
pub fn between(
    db: &dyn Db,
    conv: &ConvId,
    lo: u64,
    hi: u64,
) -> Result<Vec<MessageRow>, StoreError> {
    all(
        db.connection(),
        select!("WHERE conv = ?1 AND seq >= ?2 AND seq <= ?3 ORDER BY seq"),
        (conv.as_ref(), int(lo), int(hi)),
        read,
    )
}
