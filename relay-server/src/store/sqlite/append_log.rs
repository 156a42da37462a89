//! Membership entries: the log row and the member projection, in the append's transaction.

use chatty_protocol::ConvId;
use rusqlite::{Connection, OptionalExtension};

use super::cache::Stream;
use super::num::{bytes, sql, uint};
use super::task::Tx;
use crate::store::StoreResult;
use crate::store::conversation::{LogChange, MemberChange, MemberState};
use crate::store::stream::Appended;

/// Looks for an entry under this number: the same bytes, other bytes, or none.
pub(super) fn known(
    conn: &Connection,
    stream: &Stream,
    change: &LogChange,
) -> StoreResult<Option<Appended>> {
    if stream.log.is_none_or(|head| change.log_seq > head) {
        return Ok(None);
    }
    let found = conn
        .prepare_cached(
            "SELECT c.seq, m.t, c.bytes FROM clog c JOIN msg m ON m.conv=c.conv AND m.seq=c.seq
             WHERE c.conv=?1 AND c.ls=?2",
        )?
        .query_row((stream.no, sql(change.log_seq)), |row| {
            Ok((uint(row, 0)?, uint(row, 1)?, bytes(row, 2)?))
        })
        .optional()?;
    Ok(Some(match found {
        Some((seq, time, body)) if body == change.bytes => Appended::Original { seq, time, body },
        Some(_) => Appended::Cloned,
        None => Appended::Stale,
    }))
}

/// Makes the conversation that entry 0 creates.
pub(super) fn create(
    conn: &Connection,
    conv: &ConvId,
    direct: bool,
    time: u64,
) -> StoreResult<Stream> {
    let no = conn
        .prepare_cached("INSERT INTO conv(id, direct, created) VALUES(?1, ?2, ?3)")?
        .insert((conv.as_ref(), direct, sql(time)))?;
    Ok(Stream {
        no,
        head: 0,
        floor: 1,
        log: None,
    })
}

/// Writes the entry and what it does to members; `seq` is the row's stream number.
pub(super) fn apply(
    tx: &mut Tx<'_, '_>,
    stream: &Stream,
    seq: u64,
    change: &LogChange,
) -> StoreResult<()> {
    tx.conn
        .prepare_cached("INSERT INTO clog(conv, ls, seq, bytes) VALUES(?1, ?2, ?3, ?4)")?
        .execute((
            stream.no,
            sql(change.log_seq),
            sql(seq),
            change.bytes.as_ref(),
        ))?;
    for member in &change.members {
        apply_member(tx, stream.no, seq, change.log_seq, member)?;
    }
    Ok(())
}

fn apply_member(
    tx: &mut Tx<'_, '_>,
    conv: i64,
    seq: u64,
    log_seq: u64,
    change: &MemberChange,
) -> StoreResult<()> {
    let user = tx.cache.user(tx.conn, &change.user)?;
    let before: Option<i64> = tx
        .conn
        .prepare_cached("SELECT state FROM member WHERE user_no=?1 AND conv=?2")?
        .query_row((user, conv), |row| row.get(0))
        .optional()?;
    let state = state_no(change.state);
    let begins = before.unwrap_or(0) == 0 && state != 0;
    if begins && before.is_some() {
        tx.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO stay(user_no, conv, first, last)
                 SELECT user_no, conv, first, last FROM member
                 WHERE user_no=?1 AND conv=?2 AND last IS NOT NULL",
            )?
            .execute((user, conv))?;
    }
    let place = (user, conv, change.admin, sql(log_seq), state, sql(seq));
    if begins {
        tx.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO member(user_no, conv, role, ls, state, first)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(place)?;
    } else {
        tx.conn
            .prepare_cached(
                "UPDATE member SET role=?3, ls=?4, state=?5,
                     last=CASE WHEN ?5=0 THEN ifnull(last, ?6) END,
                     hidden=CASE WHEN ?5=1 THEN hidden ELSE 0 END
                 WHERE user_no=?1 AND conv=?2",
            )?
            .execute(place)?;
    }
    Ok(())
}

/// A standing as stored.
pub(super) fn state_no(state: MemberState) -> i64 {
    match state {
        MemberState::Gone => 0,
        MemberState::Invited => 1,
        MemberState::Member => 2,
    }
}

/// A standing as read.
pub(super) fn state_of(number: i64) -> MemberState {
    match number {
        1 => MemberState::Invited,
        2 => MemberState::Member,
        _ => MemberState::Gone,
    }
}
