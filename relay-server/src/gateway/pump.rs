//! What is read from the store when the socket can take it: rows after a burst, and the inbox.

use chatty_protocol::frame::ServerFrame;
use chatty_protocol::{ConvId, DeviceId, ErrorCode, limits};

use super::connection::{End, Session, Socket, flush, put};
use super::{Behind, Live, Work, encode};
use crate::service::conversation::RowsFrom;

/// Bytes of items that are read at a time.
const INBOX_PAGE: usize = 64 * 1024;

/// Items that were sent and not acknowledged yet, and where the next ones begin.
#[derive(Debug, Default)]
pub struct InboxWindow {
    unacked: Vec<(DeviceId, u64)>,
    /// Place of the newest item that was sent.
    place: u64,
    more: bool,
}

impl InboxWindow {
    /// The client committed everything of these senders up to n; whether more should be sent.
    pub fn acked(&mut self, upto: &[(DeviceId, u64)]) -> bool {
        let was_full = self.unacked.len() >= limits::ITEMS_UNACKED;
        self.unacked.retain(|(sender, n)| {
            let mut covered = upto.iter();
            !covered.any(|(device, last)| device == sender && n <= last)
        });
        if self.unacked.is_empty() {
            self.unacked = Vec::new();
        }
        self.more && (was_full || self.unacked.len() < limits::ITEMS_UNACKED / 2)
    }

    fn room(&self) -> usize {
        limits::ITEMS_UNACKED.saturating_sub(self.unacked.len())
    }
}

/// Does everything of `work` that is not a ready frame.
pub(super) async fn catch_up(
    live: &Live,
    socket: &mut Socket,
    session: &mut Session,
    work: &mut Work,
) -> Result<(), End> {
    if let Some(after_ms) = work.drain.take() {
        put(socket, encode::frame(&ServerFrame::Drain { after_ms })).await?;
        flush(socket).await?;
    }
    if let Some(convs) = work.resync.take() {
        put(socket, encode::frame(&ServerFrame::Resync(convs))).await?;
    }
    if work.inbox {
        send_items(live, socket, session).await?;
    }
    if let Some((conv, behind)) = work.behind {
        send_rows(live, socket, session, conv, behind).await?;
    }
    Ok(())
}

/// Sends waiting items up to the window.
async fn send_items(live: &Live, socket: &mut Socket, session: &mut Session) -> Result<(), End> {
    loop {
        let window = &mut session.inbox;
        let room = window.room();
        if room == 0 {
            window.more = true;
            return Ok(());
        }
        let device = session.route.device;
        let page = live.inboxes.take(device, window.place, room, INBOX_PAGE);
        let page = page.await.map_err(|error| End::Bye(error.code()))?;
        if page.items.is_empty() {
            window.more = false;
            return Ok(());
        }
        for item in &page.items {
            window.unacked.push((item.device, item.n));
            window.place = item.place;
            put(socket, encode::item(item)).await?;
        }
    }
}

/// Sends one page of rows that were dropped from the queue.
async fn send_rows(
    live: &Live,
    socket: &mut Socket,
    session: &Session,
    conv: ConvId,
    behind: Behind,
) -> Result<(), End> {
    let from = RowsFrom::After(behind.next.saturating_sub(1));
    let user = &session.route.user;
    let page = live
        .conversations
        .rows(&conv, user, from, limits::PAGE, limits::PAGE_BYTES)
        .await;
    let rows = match page {
        Ok(view) => view.rows,
        Err(refusal) if refusal.code == ErrorCode::NotFound => Vec::new(),
        Err(refusal) => return Err(End::Bye(refusal.code)),
    };
    // Nothing readable up to the head: what was rung is purged or no longer this user's.
    let sent = rows.last().map_or(behind.head, |(seq, _)| *seq);
    for (_, frame) in rows {
        put(socket, frame).await?;
    }
    session.route.caught_up(&conv, sent);
    Ok(())
}
