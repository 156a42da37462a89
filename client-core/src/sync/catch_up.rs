//! Catching up: the conversation's log first, then the missing rows, newest first.

use std::collections::BTreeMap;

use chatty_crypto::conversation::{self as logs, ConvStop, LogRow};
use chatty_protocol::codec::decode_exact;
use chatty_protocol::frame::{RowFrame, ServerFrame};
use chatty_protocol::{ConvId, limits};

use super::{guard, mark, people, row, session};
use crate::api::state::ChatState;
use crate::conversation as conversations;
use crate::engine::{Batch, Context, Fault, Work, breathe};
use crate::store::{Store, StoreError, conversation, range};

/// Rows of one transaction: a commit costs as much as many decryptions.
const ROWS_PER_COMMIT: usize = 64;
/// Device logs that one page of entries may ask for before it is given up.
const LOGS_PER_PAGE: usize = 1_100;

/// Conversations of which rows are known to be missing here.
pub fn incomplete(db: &Store) -> Result<Vec<ConvId>, StoreError> {
    let mut found = Vec::new();
    for row in conversation::all_newest_first(db)? {
        if !gaps(db, &row)?.is_empty() {
            found.push(row.conv);
        }
    }
    Ok(found)
}

/// How far the relay's log goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// To the verified head and no further.
    TheEnd,
    /// Further, or that is not known.
    Somewhere,
}

/// Whether an entry holds the conversation.
pub fn is_held(db: &Store, conv: &ConvId) -> Result<bool, StoreError> {
    let row = conversation::get(db, conv)?;
    Ok(row.is_some_and(|row| row.state == ChatState::Held))
}

/// Conversations that an entry holds: whoever showed it may have taken it back.
pub fn held(db: &Store) -> Result<Vec<ConvId>, StoreError> {
    let mut rows = conversation::all_newest_first(db)?;
    rows.retain(|row| row.state == ChatState::Held);
    Ok(rows.into_iter().map(|row| row.conv).collect())
}

fn missing(db: &Store, conv: &ConvId) -> Result<Vec<(u64, u64)>, StoreError> {
    match conversation::get(db, conv)? {
        Some(row) => gaps(db, &row),
        None => Ok(Vec::new()),
    }
}

fn gaps(
    db: &dyn crate::store::Db,
    row: &conversation::ConversationRow,
) -> Result<Vec<(u64, u64)>, StoreError> {
    if row.stream_head == 0 {
        return Ok(Vec::new());
    }
    range::gaps(db, &row.conv, row.floor.max(1), row.stream_head)
}

/// Reads the relay's list of conversations: what `ready` had no room for.
pub async fn list(context: &Context) -> Result<(), Fault> {
    let mut cursor: Option<String> = None;
    let heads: BTreeMap<ConvId, u64> = context.read(|db| {
        let rows = conversation::all_newest_first(db)?;
        Ok(rows.iter().map(|row| (row.conv, row.stream_head)).collect())
    })?;
    loop {
        let page = session::with(context, async |rest| {
            rest.conversations(cursor.as_deref()).await
        })
        .await?;
        let mut behind = Vec::new();
        context.input(|work| {
            for given in &page.conversations {
                let mut missing = true;
                conversation::update(work.db, &given.conv, |row| {
                    missing = row.stream_head < given.stream_head || row.log_seq < given.log_seq;
                    row.stream_head = row.stream_head.max(given.stream_head);
                    row.floor = given.floor;
                    (row.own_seq, row.own_n) = (given.own_seq, given.own_n);
                })?;
                // Rows that came while the answer was on its way do not count against it.
                if heads
                    .get(&given.conv)
                    .is_some_and(|head| *head > given.stream_head)
                {
                    row::shrink(work, &given.conv, given.stream_head)?;
                }
                guard::compare(work, &given.conv, (given.own_seq, given.own_n))?;
                if missing {
                    behind.push(given.conv);
                }
            }
            Ok(())
        })?;
        {
            let mut link = context.link.borrow_mut();
            for given in &page.conversations {
                link.log_heads.insert(given.conv, given.log_seq);
            }
            link.behind.extend(behind);
        }
        cursor = page.cursor;
        if cursor.is_none() {
            return Ok(());
        }
    }
}

/// Brings one conversation up to the relay's heads.
pub async fn conversation(context: &Context, conv: &ConvId) -> Result<Reached, Fault> {
    let reached = log(context, conv).await?;
    let Some(row) = context.read(|db| conversation::get(db, conv))? else {
        return Ok(reached);
    };
    if row.stream_head == 0 {
        // New here: what `ready` said of it came before its log, so the relay is asked again.
        let page = session::with(context, async |rest| {
            rest.rows_before(conv, limits::UINT_MAX, 1).await
        })
        .await?;
        context.input(|work| {
            conversation::update(work.db, conv, |stored| {
                stored.stream_head = stored.stream_head.max(page.head);
                stored.floor = page.floor;
            })?;
            Ok(())
        })?;
    }
    // Twice: an answer may take numbers back, and then there is more to ask for.
    for _ in 0..2 {
        for (lo, hi) in context.read(|db| missing(db, conv))? {
            rows(context, conv, lo, hi).await?;
        }
    }
    if row.mark_time == 0 {
        marks(context, conv).await?;
    }
    Ok(reached)
}

/// Reads the log above the verified head, page by page.
pub async fn log(context: &Context, conv: &ConvId) -> Result<Reached, Fault> {
    let mut last = None;
    loop {
        let from = context.look(|work| {
            let state = logs::state(&work.crypto, conv)?;
            Ok(state.map_or(0, |state| state.head.seq + 1))
        })?;
        let page = session::with(context, async |rest| {
            rest.conversation_log(conv, from).await
        })
        .await?;
        let head = page
            .head
            .head()
            .ok_or(Fault::BadRelay("a head without a hash"))?;
        context.link.borrow_mut().log_heads.insert(*conv, head.seq);
        let entries: Vec<LogRow> = page
            .entries
            .into_iter()
            .map(|entry| LogRow {
                bytes: entry.entry.0,
                stream_seq: Some(entry.seq),
            })
            .collect();
        if entries.is_empty() {
            let ours = context.input(|work| conversations::log::ends_at(work, conv, &head))?;
            return Ok(match ours {
                true => Reached::TheEnd,
                false => Reached::Somewhere,
            });
        }
        // The same page again: a relay that leads in a circle.
        if last.replace(from) == Some(from) {
            return Ok(Reached::Somewhere);
        }
        let count = entries.len() as u64;
        let stopped = entries_with_logs(context, conv, &entries).await?;
        if stopped || from + count > head.seq {
            return Ok(Reached::Somewhere);
        }
    }
}

/// Applies entries, reading the device logs that they need. True when the log cannot go on.
pub async fn entries_with_logs(
    context: &Context,
    conv: &ConvId,
    entries: &[LogRow],
) -> Result<bool, Fault> {
    let mut last = None;
    for _ in 0..LOGS_PER_PAGE {
        let stop = context.input(|work| conversations::log::take(work, conv, entries))?;
        match stop {
            None => return Ok(false),
            Some(ConvStop::NeedLog(user)) if last != Some(user) => {
                people::fetch(context, &user).await?;
                last = Some(user);
            }
            Some(_) => return Ok(true),
        }
    }
    Ok(true)
}

/// Reads the missing rows `lo..=hi`, newest page first.
async fn rows(context: &Context, conv: &ConvId, lo: u64, hi: u64) -> Result<(), Fault> {
    let mut end = hi;
    while end >= lo {
        let limit = usize::try_from(end - lo + 1)
            .unwrap_or(limits::PAGE)
            .min(limits::PAGE);
        let page = session::with(context, async |rest| {
            rest.rows_before(conv, end + 1, limit).await
        })
        .await?;
        let frames: Vec<RowFrame> = page
            .rows
            .iter()
            .filter_map(|bytes| decode_exact(&bytes.0).ok())
            .filter(|row: &RowFrame| row.position().0 == *conv)
            .filter(|row| (lo..=end).contains(&row.position().1))
            .collect();
        let first = frames.iter().map(|row| row.position().1).min();
        for some in frames.chunks(ROWS_PER_COMMIT) {
            context.batch(|batch| {
                some.iter()
                    .try_for_each(|frame| alone(batch, |work| row::take(work, frame)))
            })?;
            // A page takes long enough to be felt on a screen: calls are answered in between.
            breathe().await;
        }
        // What the relay does not give (purged, or not ours) is not asked for again.
        let from = first.map_or(lo, |first| first.max(lo));
        context.input(|work| {
            conversation::update(work.db, conv, |row| row.floor = page.floor)?;
            // `hi` was known before the relay was asked: a lower head takes it back.
            if page.head < hi {
                row::shrink(work, conv, page.head)?;
            }
            Ok(range::add(work.db, conv, from, end.min(page.head))?)
        })?;
        if from <= lo {
            break;
        }
        end = from - 1;
    }
    Ok(())
}

/// Reads all marks of a conversation that is new here.
async fn marks(context: &Context, conv: &ConvId) -> Result<(), Fault> {
    let page = session::with(context, async |rest| rest.marks(conv, 0).await).await?;
    context.batch(|batch| {
        for bytes in &page.marks {
            if let Ok(ServerFrame::Mark(frame)) = decode_exact(&bytes.0) {
                alone(batch, |work| mark::take(work, &frame))?;
            }
        }
        Ok(())
    })
}

/// One row or mark of many: when it fails by itself it is left out and the rest goes on (A29).
pub fn alone(
    batch: &mut Batch<'_>,
    take: impl FnOnce(&mut Work<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    match batch.input(take) {
        Err(fault) if fault.is_local() => Err(fault),
        Err(fault) => {
            tracing::warn!(%fault, "a row was left out");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}
