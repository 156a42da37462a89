//! `hello` and its answer: who is there, what changed since (protocol.md §16).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chatty_protocol::codec::{Fixed, decode_exact, encode as canonical};
use chatty_protocol::frame::{Changed, ClientFrame, Hello, Known, MarkRow, Ready, SOCKET_VERSION};
use chatty_protocol::frame::{RowFrame, ServerFrame};
use chatty_protocol::{ConvId, ErrorCode, SUITE_1, limits};

use super::connection::{End, Session, Socket, first_frame, flush, put};
use super::pump::InboxWindow;
use super::{Live, Route, encode};
use crate::http::extract::live_device;
use crate::service::conversation::{Actor, visible_head};
use crate::service::token::parse_sid;
use crate::state::App;
use crate::store::conversation::{ConvOfUser, MemberState};
use crate::store::stream::{ReadFrom as Way, StoredMark};
use crate::store::{Store, StoreError};

/// Room for the fields of `ready` beside `changed`.
const READY_HEAD: usize = 4 * 1024;

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::Bye(error.code())
    }
}

/// Reads the hello, registers the socket, answers `ready`.
pub(super) async fn greet(app: &App, socket: &mut Socket) -> Result<Session, End> {
    let bytes = first_frame(socket, Duration::from_millis(app.config.handshake_ms)).await?;
    let hello = match decode_exact::<ClientFrame>(&bytes) {
        Ok(ClientFrame::Hello(hello)) => hello,
        _ => return Err(End::Bye(ErrorCode::Malformed)),
    };
    if hello.version != SOCKET_VERSION || !hello.suites.contains(&SUITE_1) {
        return Err(End::Bye(ErrorCode::NeedsUpdate));
    }
    if hello.known.len() > limits::HEADS_PER_CALL {
        return Err(End::Bye(ErrorCode::Malformed));
    }
    let route = admit(app, &hello).await?;
    let session = Session {
        inbox: InboxWindow::default(),
        shares: false,
        buckets: app.live.buckets(&route.device, app.now_ms()),
        route,
    };
    let greeted = answer(app, socket, &session.route, hello.known).await;
    if let Err(end) = greeted {
        app.live.leave(&session);
        return Err(end);
    }
    Ok(session)
}

/// Takes the ticket and registers the socket. Registered first, checked afterwards: a session or
/// device that ends meanwhile is seen by one of the two.
async fn admit(app: &App, hello: &Hello) -> Result<Arc<Route>, End> {
    let unauthorised = End::Bye(ErrorCode::Unauthorised);
    let holder = app.cache.take_ticket(&hello.ticket, app.now_ms()).await;
    let holder = holder.ok_or(unauthorised)?;
    let session = holder.session.into_boxed_str();
    let family = parse_sid(&session).ok_or(unauthorised)?;
    let route = app.live.hub.connect(holder.user, holder.device, session);
    let route = route.map_err(|_| End::Bye(ErrorCode::RateLimited))?;
    let checked = async {
        let family = app.store.family(family).await?;
        if !family.is_some_and(|family| family.live) {
            return Err(unauthorised);
        }
        let live = live_device(app, route.device).await;
        live.map(drop).map_err(|error| End::Bye(error.code))
    };
    if let Err(end) = checked.await {
        app.live.hub.disconnect(&route);
        return Err(end);
    }
    Ok(route)
}

async fn answer(
    app: &App,
    socket: &mut Socket,
    route: &Route,
    known: Vec<Known>,
) -> Result<(), End> {
    let actor = Actor {
        user: route.user,
        device: route.device,
    };
    let (changed, rest) = changed(&app.live, actor, known).await?;
    let pending = app.live.inboxes.take(route.device, 0, 1, 1).await?.pending;
    let ready = Ready {
        server_time: app.now_ms(),
        incarnation: Fixed(app.store.incarnation()),
        td_pending: pending,
        limits: app.config.limits.differing(),
        changed: Vec::new(),
        more: 0,
    };
    for frame in frames(ready, changed, rest) {
        put(socket, frame).await?;
    }
    flush(socket).await?;
    route.ring_inbox();
    Ok(())
}

/// Splits `ready` into frames of at most 128 KiB.
fn frames(head: Ready, changed: Vec<Changed>, rest: bool) -> Vec<Bytes> {
    let mut pages: Vec<Vec<Changed>> = vec![Vec::new()];
    let mut size = 0;
    for row in changed {
        let len = canonical(&row).len();
        if size + len > limits::FRAME_BYTES - READY_HEAD && size > 0 {
            pages.push(Vec::new());
            size = 0;
        }
        size += len;
        if let Some(page) = pages.last_mut() {
            page.push(row);
        }
    }
    let last = pages.len() - 1;
    let more = |index| match (index == last, rest) {
        (false, _) => 1,
        (true, true) => 2,
        (true, false) => 0,
    };
    let pages = pages.into_iter().enumerate();
    pages
        .map(|(index, changed)| {
            encode::frame(&ServerFrame::Ready(Ready {
                changed,
                more: more(index),
                ..head.clone()
            }))
        })
        .collect()
}

/// What the client has of a conversation; zeros when it does not name it.
fn known_of(known: &HashMap<ConvId, (u64, u64)>, conv: &ConvId) -> (u64, u64) {
    known.get(conv).copied().unwrap_or_default()
}

/// The newest changed conversations, newest first, and whether there are older ones.
async fn changed(
    live: &Live,
    actor: Actor,
    known: Vec<Known>,
) -> Result<(Vec<Changed>, bool), End> {
    let store = live.conversations.store.as_ref();
    let known: HashMap<_, _> = (known.into_iter())
        .map(|row| (row.conv, (row.seq, row.mark_time)))
        .collect();
    let mut mine = Vec::new();
    let mut after = None;
    loop {
        let page = store.conversations(actor.user, after, limits::PAGE).await?;
        after = page.last().map(|row| row.conv);
        let whole = page.len() == limits::PAGE;
        // A conversation that was left concerns only a client that still has it.
        mine.extend(page.into_iter().filter(|row| {
            !row.hidden && (row.state != MemberState::Gone || known.contains_key(&row.conv))
        }));
        if !whole {
            break;
        }
    }
    mine.sort_unstable_by_key(|row| std::cmp::Reverse(row.newest_time));
    let mut picked: Vec<(ConvOfUser, Vec<StoredMark>)> = Vec::new();
    for (place, row) in mine.into_iter().enumerate() {
        let (seq, mark_time) = known_of(&known, &row.conv);
        let moved = visible_head(&row) > seq;
        let near = place < limits::READY_CHANGED && row.state != MemberState::Gone;
        let marks = if near {
            store.marks(row.conv, mark_time).await?
        } else {
            Vec::new()
        };
        let news = marks
            .iter()
            .any(|m| m.time > mark_time && m.device != actor.device);
        if moved || news {
            picked.push((row, marks));
        }
        if picked.len() > limits::READY_CHANGED {
            break;
        }
    }
    let rest = picked.len() > limits::READY_CHANGED;
    picked.truncate(limits::READY_CHANGED);
    let rows = describe(live, store, actor, picked).await?;
    Ok((rows, rest))
}

async fn describe(
    live: &Live,
    store: &dyn Store,
    actor: Actor,
    picked: Vec<(ConvOfUser, Vec<StoredMark>)>,
) -> Result<Vec<Changed>, End> {
    let convs = picked.iter().map(|(row, _)| row.conv).collect();
    let own = store.own(actor.device, convs).await?;
    let blocked = store.blocks(actor.user).await?;
    let mut rows = Vec::with_capacity(picked.len());
    for ((row, marks), own) in picked.into_iter().zip(own) {
        let floor = live.conversations.floor_of(&row).await;
        let heard = marks
            .iter()
            .filter(|m| m.device != actor.device && !blocked.contains(&m.user));
        rows.push(Changed {
            conv: row.conv,
            stream_head: visible_head(&row),
            log_seq: row.at.log_seq,
            floor: floor.map_err(|refusal| End::Bye(refusal.code))?,
            own,
            newest: newest(store, &row).await?,
            marks: heard.filter_map(|mark| mark_row(row.conv, mark)).collect(),
        });
    }
    Ok(rows)
}

/// The newest readable row when it is small.
async fn newest(store: &dyn Store, row: &ConvOfUser) -> Result<Option<RowFrame>, End> {
    let before = visible_head(row) + 1;
    let page = store
        .read(row.conv, Way::Before(before), 1, limits::READY_ROW_BYTES)
        .await?;
    let newest = page.rows.last().filter(|stored| stored.seq >= row.first);
    let frame = newest.map(|stored| encode::row(&row.conv, stored));
    let small = frame.filter(|frame| frame.len() <= limits::READY_ROW_BYTES);
    Ok(small.and_then(|frame| decode_exact(&frame).ok()))
}

fn mark_row(conv: ConvId, mark: &StoredMark) -> Option<MarkRow> {
    Some(MarkRow {
        conv,
        user: mark.user,
        device: mark.device,
        time: mark.time,
        send: decode_exact(&mark.body).ok()?,
    })
}
