//! Writing rows: new ones, accepted ones, states.

use chatty_protocol::{ConvId, DeviceId, MsgId};
use rusqlite::params;

use super::super::value::{all, int, write};
use super::{Kind, MessageRow, change};
use crate::api::state::MessageState;
use crate::store::{Db, StoreError, Tx};

/// Rows without a stream number stand behind all others, in the order of writing.
const UNSENT: i64 = 1 << 52;

/// What became of an insert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// A new row with this number.
    New(i64),
    /// The same message is here already, under this number.
    Known(i64),
    /// Another message of the device has its number, or its stream position: nothing is written.
    Clash(i64),
}

/// Writes a new row (its `row` is ignored) and lets earlier edits and deletions take effect.
pub fn insert(tx: &Tx<'_>, message: &MessageRow) -> Result<Inserted, StoreError> {
    if let Some(found) = same(tx, message)? {
        return Ok(found);
    }
    let body = &message.body;
    let mentions =
        (!body.mentions.is_empty()).then(|| chatty_protocol::codec::encode(&body.mentions));
    write(
        tx.connection(),
        "INSERT INTO message (conv, author, device, msg, dev_seq, seq, sort, kind, shown, mine,
             unread, at_ms, sent_at_ms, state, reason, text, spans, mentions, reply_author,
             reply_msg, edited, deleted, expires_s, expires_at_ms, older_membership)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ifnull(?6, 0), ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
             ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)",
        params![
            message.conv.as_ref(),
            message.author.as_ref(),
            message.device.as_ref(),
            message.msg.as_ref().map(AsRef::as_ref),
            int(message.dev_seq),
            message.seq.map(int),
            message.kind.as_str(),
            message.shown,
            message.mine,
            message.unread,
            int(message.at_ms),
            int(message.sent_at_ms),
            message.state.as_str(),
            message.reason,
            body.text,
            (!body.spans.is_empty()).then_some(&body.spans),
            mentions,
            body.reply_to.as_ref().map(|(author, _)| author.as_ref()),
            body.reply_to.as_ref().map(|(_, msg)| msg.as_ref()),
            message.edited,
            message.deleted,
            int(body.expires_s),
            message.expires_at_ms.map(int),
            message.older_membership.as_ref().map(AsRef::as_ref),
        ],
    )?;
    let row = tx.connection().last_insert_rowid();
    if message.seq.is_none() {
        write(
            tx.connection(),
            "UPDATE message SET sort = ?2 WHERE row = ?1",
            (row, UNSENT + row),
        )?;
    }
    change::settle(tx, row)?;
    Ok(Inserted::New(row))
}

/// The row that stands where this one would, if there is one.
fn same(tx: &Tx<'_>, message: &MessageRow) -> Result<Option<Inserted>, StoreError> {
    let mut found = super::by_dev_seq(tx, &message.conv, &message.device, message.dev_seq)?;
    if let (None, Some(msg)) = (&found, &message.msg) {
        found = super::by_id(tx, &message.conv, &message.device, msg)?;
    }
    if let (None, Some(seq)) = (&found, message.seq) {
        found = super::by_seq(tx, &message.conv, seq)?;
    }
    Ok(found.map(|other| {
        let same_device = other.device == message.device && other.dev_seq == message.dev_seq;
        let same_id = other.msg.is_none() || message.msg.is_none() || other.msg == message.msg;
        if same_device && same_id {
            Inserted::Known(other.row)
        } else {
            Inserted::Clash(other.row)
        }
    }))
}

/// Replaces what a row says: a sealed row was opened, or its verdict changed. Place, id and
/// numbers stay; `seq` is taken over when the row had none.
pub fn replace(tx: &Tx<'_>, row: i64, new: &MessageRow) -> Result<(), StoreError> {
    let body = &new.body;
    let mentions =
        (!body.mentions.is_empty()).then(|| chatty_protocol::codec::encode(&body.mentions));
    write(
        tx.connection(),
        "UPDATE message SET msg = ?2, kind = ?3, shown = ?4, unread = ?5, sent_at_ms = ?6,
             state = ?7, reason = ?8, text = ?9, spans = ?10, mentions = ?11, reply_author = ?12,
             reply_msg = ?13, edited = ?14, deleted = ?15, expires_s = ?16, expires_at_ms = ?17,
             older_membership = ?18, mine = ?19
         WHERE row = ?1",
        params![
            row,
            new.msg.as_ref().map(AsRef::as_ref),
            new.kind.as_str(),
            new.shown,
            new.unread,
            int(new.sent_at_ms),
            new.state.as_str(),
            new.reason,
            body.text,
            (!body.spans.is_empty()).then_some(&body.spans),
            mentions,
            body.reply_to.as_ref().map(|(author, _)| author.as_ref()),
            body.reply_to.as_ref().map(|(_, msg)| msg.as_ref()),
            new.edited,
            new.deleted,
            int(body.expires_s),
            new.expires_at_ms.map(int),
            new.older_membership.as_ref().map(AsRef::as_ref),
            new.mine,
        ],
    )?;
    if new.kind != Kind::Sealed {
        super::sealed::remove(tx, row)?;
    }
    change::settle(tx, row)
}

/// Notes that the relay accepted an own message: its place, time and state `sent`. The timer of
/// the sender starts here.
pub fn accepted(
    tx: &Tx<'_>,
    conv: &ConvId,
    device: &DeviceId,
    msg: &MsgId,
    seq: u64,
    time_ms: u64,
) -> Result<Option<i64>, StoreError> {
    free(tx, conv, seq, (device, msg))?;
    super::super::value::one(
        tx.connection(),
        "UPDATE message SET seq = ?4, sort = ?4, at_ms = ?5,
             state = CASE WHEN state IN ('waiting', 'failed') THEN 'sent' ELSE state END,
             reason = NULL,
             expires_at_ms = CASE WHEN expires_s > 0 AND expires_at_ms IS NULL
                 THEN ?5 + expires_s * 1000 ELSE expires_at_ms END
         WHERE conv = ?1 AND device = ?2 AND msg = ?3 AND (seq IS NULL OR seq = ?4)
         RETURNING row",
        (
            conv.as_ref(),
            device.as_ref(),
            msg.as_ref(),
            int(seq),
            int(time_ms),
        ),
        |row| row.get(0),
    )
}

/// Takes a stream number from whoever has it beside this message: the relay gave it out twice, and
/// an own message must not hang on that.
fn free(
    tx: &Tx<'_>,
    conv: &ConvId,
    seq: u64,
    (device, msg): (&DeviceId, &MsgId),
) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "UPDATE message SET seq = NULL, sort = ?3 + row
         WHERE conv = ?1 AND seq = ?2 AND (device IS NOT ?4 OR msg IS NOT ?5)",
        (
            conv.as_ref(),
            int(seq),
            UNSENT,
            device.as_ref(),
            msg.as_ref(),
        ),
    )?;
    Ok(())
}

/// Changes the state of a row.
pub fn set_state(
    tx: &Tx<'_>,
    row: i64,
    state: MessageState,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "UPDATE message SET state = ?2, reason = ?3 WHERE row = ?1",
        (row, state.as_str(), reason),
    )?;
    Ok(())
}

/// Takes this reason from every row of a device; gives the rows that had it.
pub fn clear_reason(tx: &Tx<'_>, device: &DeviceId, reason: &str) -> Result<Vec<i64>, StoreError> {
    all(
        tx.connection(),
        "UPDATE message SET reason = NULL WHERE device = ?1 AND reason = ?2 RETURNING row",
        (device.as_ref(), reason),
        |row| row.get(0),
    )
}

/// Marks everything of others up to `seq` as read and starts their timers; gives the rows that
/// changed. Rows that became readable later are read with the next call.
pub fn read_up_to(
    tx: &Tx<'_>,
    conv: &ConvId,
    seq: u64,
    now_ms: u64,
) -> Result<Vec<i64>, StoreError> {
    super::super::value::all(
        tx.connection(),
        "UPDATE message SET unread = 0,
             state = CASE WHEN state = 'delivered' THEN 'read' ELSE state END,
             expires_at_ms = CASE WHEN expires_s > 0 AND expires_at_ms IS NULL
                 THEN ?3 + expires_s * 1000 ELSE expires_at_ms END
         WHERE conv = ?1 AND seq <= ?2 AND mine = 0 AND shown = 1
             AND (unread = 1 OR state = 'delivered')
         RETURNING row",
        (conv.as_ref(), int(seq), int(now_ms)),
        |row| row.get(0),
    )
}

/// Raises own messages up to `seq` (except `missing`) to `delivered` or `read`, never lower;
/// gives the rows that changed.
pub fn advance(
    tx: &Tx<'_>,
    conv: &ConvId,
    seq: u64,
    missing: &[u64],
    state: MessageState,
) -> Result<Vec<i64>, StoreError> {
    let lower = match state {
        MessageState::Delivered => &["sent"][..],
        MessageState::Read => &["sent", "delivered"][..],
        _ => return Ok(Vec::new()),
    };
    let mut changed = Vec::new();
    for old in lower {
        let rows = super::super::value::all(
            tx.connection(),
            "SELECT row, seq FROM message
             WHERE conv = ?1 AND seq <= ?2 AND mine = 1 AND state = ?3",
            (conv.as_ref(), int(seq), old),
            |row| Ok((row.get::<_, i64>(0)?, super::number(row, 1)?)),
        )?;
        for (row, at) in rows {
            if !missing.contains(&at) {
                set_state(tx, row, state, None)?;
                changed.push(row);
            }
        }
    }
    Ok(changed)
}

/// Removes a row for good: a message that was cancelled before it was sent.
pub fn remove(tx: &Tx<'_>, row: i64) -> Result<(), StoreError> {
    write(tx.connection(), "DELETE FROM message WHERE row = ?1", [row])?;
    Ok(())
}

/// Takes stream numbers above `head` back: the relay was restored and gives them out anew; the
/// rows are matched by (device, dev_seq) when they come again.
pub fn forget_numbers_above(tx: &Tx<'_>, conv: &ConvId, head: u64) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "DELETE FROM message WHERE conv = ?1 AND seq > ?2 AND kind = 'entry'",
        (conv.as_ref(), int(head)),
    )?;
    write(
        tx.connection(),
        "UPDATE message SET seq = NULL, sort = ?3 + row WHERE conv = ?1 AND seq > ?2",
        (conv.as_ref(), int(head), UNSENT),
    )?;
    Ok(())
}

/// Takes stream numbers above `head` back from rows of others: the relay takes them back itself.
/// Own rows keep theirs; they were told as accepted.
pub fn forget_others_numbers_above(
    tx: &Tx<'_>,
    conv: &ConvId,
    head: u64,
) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "UPDATE message SET seq = NULL, sort = ?3 + row
         WHERE conv = ?1 AND seq > ?2 AND mine = 0",
        (conv.as_ref(), int(head), UNSENT),
    )?;
    Ok(())
}

/// Gives a row the stream number under which it came again after a restore, if nobody has it.
pub fn renumber(tx: &Tx<'_>, row: i64, seq: u64, time_ms: u64) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "UPDATE message SET seq = ?2, sort = ?2, at_ms = ?3
         WHERE row = ?1 AND seq IS NULL AND NOT EXISTS (
             SELECT 1 FROM message AS other JOIN message AS this ON other.conv = this.conv
             WHERE this.row = ?1 AND other.seq = ?2)",
        (row, int(seq), int(time_ms)),
    )?;
    Ok(())
}

/// A message that failed for good keeps its row; its number goes to the one behind it.
pub fn release_number(tx: &Tx<'_>, row: i64) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "UPDATE message SET dev_seq = ?2 + row WHERE row = ?1",
        (row, UNSENT),
    )?;
    Ok(())
}

/// An own message behind a cancelled one has another number now.
pub fn renumber_own(
    tx: &Tx<'_>,
    conv: &ConvId,
    msg: &MsgId,
    dev_seq: u64,
) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "UPDATE message SET dev_seq = ?3 WHERE conv = ?1 AND msg = ?2 AND mine = 1",
        (conv.as_ref(), msg.as_ref(), int(dev_seq)),
    )?;
    Ok(())
}
