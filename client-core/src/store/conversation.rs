//! Conversations: the chat list and where each stream stands.

use chatty_protocol::{ConvId, UserId};
use rusqlite::Row;

use super::value::{self, all, int, number, one, word, write};
use super::{Db, StoreError, Tx};
use crate::api::state::{ChatKind, ChatState};

/// One conversation. Counts (`unread`, `last_at_ms`) are kept by [`refresh`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationRow {
    /// Conversation.
    pub conv: ConvId,
    /// Direct, group or notes to self.
    pub kind: ChatKind,
    /// The other person of a direct conversation.
    pub peer: Option<UserId>,
    /// Group title, or the name or handle of the peer.
    pub title: String,
    /// Group description.
    pub about: String,
    /// Whether one can write.
    pub state: ChatState,
    /// Why it is held or frozen.
    pub reason: Option<String>,
    /// Who invited this user, while it waits in Requests and afterwards.
    pub inviter: Option<UserId>,
    /// A deleted request: not listed until it is joined.
    pub hidden: bool,
    /// Newest stream number at the relay.
    pub stream_head: u64,
    /// Newest log number at the relay.
    pub log_seq: u64,
    /// Rows below are purged or not this user's.
    pub floor: u64,
    /// Stream number of this device's last accepted message, as the relay shows it.
    pub own_seq: u64,
    /// Its dev_seq.
    pub own_n: u64,
    /// Greatest time of a mark seen.
    pub mark_time: u64,
    /// This user has read up to here, on any device.
    pub read_seq: u64,
    /// Disappearing timer, seconds; 0 = off.
    pub timer_s: u64,
    /// Messages of others not read yet.
    pub unread: u64,
    /// Time of the newest shown message, or of the creation, Unix ms.
    pub last_at_ms: u64,
}

impl ConversationRow {
    /// A conversation of which nothing is known yet.
    pub fn new(conv: ConvId, kind: ChatKind, at_ms: u64) -> Self {
        Self {
            conv,
            kind,
            peer: None,
            title: String::new(),
            about: String::new(),
            state: ChatState::Open,
            reason: None,
            inviter: None,
            hidden: false,
            stream_head: 0,
            log_seq: 0,
            floor: 0,
            own_seq: 0,
            own_n: 0,
            mark_time: 0,
            read_seq: 0,
            timer_s: 0,
            unread: 0,
            last_at_ms: at_ms,
        }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT conv, kind, peer, title, about, state, reason, inviter, hidden, stream_head, \
             log_seq, floor, own_seq, own_n, mark_time, read_seq, timer_s, unread, last_at_ms \
             FROM conversation ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> rusqlite::Result<ConversationRow> {
    Ok(ConversationRow {
        conv: value::conv(row, 0)?,
        kind: word(row, 1)?,
        peer: value::optional_user(row, 2)?,
        title: row.get(3)?,
        about: row.get(4)?,
        state: word(row, 5)?,
        reason: row.get(6)?,
        inviter: value::optional_user(row, 7)?,
        hidden: row.get(8)?,
        stream_head: number(row, 9)?,
        log_seq: number(row, 10)?,
        floor: number(row, 11)?,
        own_seq: number(row, 12)?,
        own_n: number(row, 13)?,
        mark_time: number(row, 14)?,
        read_seq: number(row, 15)?,
        timer_s: number(row, 16)?,
        unread: number(row, 17)?,
        last_at_ms: number(row, 18)?,
    })
}

/// One conversation.
pub fn get(db: &dyn Db, conv: &ConvId) -> Result<Option<ConversationRow>, StoreError> {
    one(
        db.connection(),
        select!("WHERE conv = ?1"),
        [conv.as_ref()],
        read,
    )
}

/// All conversations, newest first; hidden ones included.
pub fn all_newest_first(db: &dyn Db) -> Result<Vec<ConversationRow>, StoreError> {
    all(
        db.connection(),
        select!("ORDER BY last_at_ms DESC, conv"),
        [],
        read,
    )
}

/// The newest `limit` conversations, for `hello`.
pub fn newest(db: &dyn Db, limit: usize) -> Result<Vec<ConversationRow>, StoreError> {
    all(
        db.connection(),
        select!("ORDER BY last_at_ms DESC, conv LIMIT ?1"),
        [int(limit as u64)],
        read,
    )
}

/// Conversations of one state that are not hidden, newest first (Requests, or the chat list).
pub fn in_state(db: &dyn Db, state: ChatState) -> Result<Vec<ConversationRow>, StoreError> {
    all(
        db.connection(),
        select!("WHERE state = ?1 AND hidden = 0 ORDER BY last_at_ms DESC, conv"),
        [state.as_str()],
        read,
    )
}

/// The direct conversation with a person, if there is one.
pub fn direct_with(db: &dyn Db, peer: &UserId) -> Result<Option<ConversationRow>, StoreError> {
    one(
        db.connection(),
        select!("WHERE peer = ?1 AND kind = 'direct'"),
        [peer.as_ref()],
        read,
    )
}

/// Writes a conversation, new or changed.
pub fn put(tx: &Tx<'_>, row: &ConversationRow) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "INSERT OR REPLACE INTO conversation (conv, kind, peer, title, about, state, reason,
             inviter, hidden, stream_head, log_seq, floor, own_seq, own_n, mark_time, read_seq,
             timer_s, unread, last_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
             ?19)",
        rusqlite::params![
            row.conv.as_ref(),
            row.kind.as_str(),
            row.peer.as_ref().map(AsRef::as_ref),
            row.title,
            row.about,
            row.state.as_str(),
            row.reason,
            row.inviter.as_ref().map(AsRef::as_ref),
            row.hidden,
            int(row.stream_head),
            int(row.log_seq),
            int(row.floor),
            int(row.own_seq),
            int(row.own_n),
            int(row.mark_time),
            int(row.read_seq),
            int(row.timer_s),
            int(row.unread),
            int(row.last_at_ms),
        ],
    )?;
    Ok(())
}

/// Changes a conversation by a function on its row; false when there is none.
pub fn update(
    tx: &Tx<'_>,
    conv: &ConvId,
    change: impl FnOnce(&mut ConversationRow),
) -> Result<bool, StoreError> {
    let Some(mut row) = get(tx, conv)? else {
        return Ok(false);
    };
    change(&mut row);
    put(tx, &row)?;
    Ok(true)
}

/// Counts unread messages and the newest time anew; call after message rows changed.
pub fn refresh(tx: &Tx<'_>, conv: &ConvId) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "UPDATE conversation SET
             unread = (SELECT count(*) FROM message WHERE conv = ?1 AND unread = 1),
             last_at_ms = max(last_at_ms, ifnull(
                 (SELECT at_ms FROM message WHERE conv = ?1 AND shown = 1
                  ORDER BY sort DESC LIMIT 1), 0))
         WHERE conv = ?1",
        [conv.as_ref()],
    )?;
    Ok(())
}

/// Removes a conversation with everything in it.
pub fn remove(tx: &Tx<'_>, conv: &ConvId) -> Result<(), StoreError> {
    const TABLES: &[&str] = &[
        "DELETE FROM conversation WHERE conv = ?1",
        "DELETE FROM known_range WHERE conv = ?1",
        "DELETE FROM message WHERE conv = ?1",
        "DELETE FROM version WHERE conv = ?1",
        "DELETE FROM draft WHERE conv = ?1",
        "DELETE FROM deletion WHERE conv = ?1",
        "DELETE FROM reaction WHERE conv = ?1",
        "DELETE FROM outbox WHERE conv = ?1",
        "DELETE FROM sent WHERE conv = ?1",
        "DELETE FROM mark WHERE conv = ?1",
        "DELETE FROM mark_out WHERE conv = ?1",
    ];
    for sql in TABLES {
        write(tx.connection(), sql, [conv.as_ref()])?;
    }
    Ok(())
}
