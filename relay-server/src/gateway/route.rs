//! What waits for one socket. Everybody may put something in; only the socket's task takes out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chatty_protocol::{ConvId, DeviceId, ErrorCode, UserId, limits};
use tokio::sync::Notify;

/// A row of a stream on its way to sockets: the frame is encoded once for all of them.
#[derive(Debug, Clone)]
pub struct RowOut {
    /// Stream number.
    pub seq: u64,
    /// Frame 36, 41 or 49.
    pub frame: Bytes,
}

/// One frame that waits.
#[derive(Debug)]
enum Out {
    /// A row; may be dropped and read again from the store.
    Row(ConvId, RowOut),
    /// A mark; when it is dropped the client compares the conversation.
    Mark(ConvId, Bytes),
    /// Typing; may be lost.
    Flash(Bytes),
    /// A doorbell that names a user; when it is dropped the client compares everything.
    Bell(Bytes),
    /// An answer to a frame of this socket, never dropped: the client's window bounds them.
    Reply(Bytes),
}

impl Out {
    fn frame(&self) -> &Bytes {
        match self {
            Self::Row(_, row) => &row.frame,
            Self::Mark(_, frame) | Self::Flash(frame) | Self::Bell(frame) | Self::Reply(frame) => {
                frame
            }
        }
    }
}

/// Rows that were dropped: read `next..=head` from the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// First row that was not sent.
    pub next: u64,
    /// Newest row that was rung.
    pub head: u64,
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<Out>,
    bytes: usize,
    behind: BTreeMap<ConvId, Behind>,
    resync: BTreeSet<ConvId>,
    resync_all: bool,
    inbox: bool,
    close: Option<ErrorCode>,
    drain: Option<u64>,
    open: Vec<ConvId>,
}

/// What the socket's task has to do next.
#[derive(Debug, Default)]
pub struct Work {
    /// Frames to write, in order.
    pub frames: Vec<Bytes>,
    /// Conversations to compare, when marks or doorbells were dropped (`Some(empty)` = all).
    pub resync: Option<Vec<ConvId>>,
    /// A conversation whose rows are read from the store.
    pub behind: Option<(ConvId, Behind)>,
    /// New items may wait in the inbox.
    pub inbox: bool,
    /// Say this, then close.
    pub close: Option<ErrorCode>,
    /// Announce a drain.
    pub drain: Option<u64>,
    /// Frames are left in the queue.
    pub more: bool,
}

impl Work {
    /// Nothing to do.
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
            && self.resync.is_none()
            && self.behind.is_none()
            && !self.inbox
            && self.close.is_none()
            && self.drain.is_none()
    }
}

/// One live socket as the rest of the relay sees it.
pub struct Route {
    /// Number of this connection, unique in the process.
    pub id: u64,
    /// Account.
    pub user: UserId,
    /// Device.
    pub device: DeviceId,
    /// Session (refresh family) that the ticket came from.
    pub session: Box<str>,
    /// Sends that wait for their commit.
    outstanding: AtomicU32,
    queue: Mutex<Queue>,
    wake: Notify,
}

impl Route {
    /// A route without anything to say.
    pub fn new(id: u64, user: UserId, device: DeviceId, session: Box<str>) -> Self {
        Self {
            id,
            user,
            device,
            session,
            outstanding: AtomicU32::new(0),
            queue: Mutex::default(),
            wake: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // A panic elsewhere cannot leave the queue half-changed in a way that matters.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is work.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Puts rows of one conversation in, in order.
    pub fn push_rows(&self, conv: &ConvId, rows: &[RowOut]) {
        let Some(last) = rows.last() else { return };
        let mut queue = self.lock();
        if let Some(behind) = queue.behind.get_mut(conv) {
            behind.head = behind.head.max(last.seq);
            return;
        }
        for row in rows {
            queue.bytes += row.frame.len();
            queue.frames.push_back(Out::Row(*conv, row.clone()));
        }
        self.bound(queue);
    }

    /// Puts a mark in.
    pub fn push_mark(&self, conv: &ConvId, frame: Bytes) {
        self.push(Out::Mark(*conv, frame));
    }

    /// Puts a flash in.
    pub fn push_flash(&self, frame: Bytes) {
        self.push(Out::Flash(frame));
    }

    /// Puts a doorbell or another hint in.
    pub fn push_bell(&self, frame: Bytes) {
        self.push(Out::Bell(frame));
    }

    /// Puts an answer in.
    pub fn push_reply(&self, frame: Bytes) {
        self.push(Out::Reply(frame));
    }

    fn push(&self, out: Out) {
        let mut queue = self.lock();
        queue.bytes += out.frame().len();
        queue.frames.push_back(out);
        self.bound(queue);
    }

    /// Items may wait in this device's inbox.
    pub fn ring_inbox(&self) {
        self.lock().inbox = true;
        self.wake.notify_one();
    }

    /// Says `code` and closes; the first reason stays.
    pub fn close(&self, code: ErrorCode) {
        self.lock().close.get_or_insert(code);
        self.wake.notify_one();
    }

    /// Announces that the relay stops.
    pub fn drain(&self, after_ms: u64) {
        self.lock().drain = Some(after_ms);
        self.wake.notify_one();
    }

    /// Tells the client to compare everything.
    pub fn resync_all(&self) {
        self.lock().resync_all = true;
        self.wake.notify_one();
    }

    /// Drops what can be had again when too much waits, then wakes the task.
    fn bound(&self, mut queue: MutexGuard<'_, Queue>) {
        if queue.frames.len() > limits::SLOW_FRAMES || queue.bytes > limits::SLOW_BYTES {
            queue.drop_bytes();
        }
        drop(queue);
        self.wake.notify_one();
    }

    /// Takes frames of at most `max_bytes` (one frame at least) and every flag.
    pub fn take(&self, max_bytes: usize) -> Work {
        let mut queue = self.lock();
        let mut work = Work {
            inbox: std::mem::take(&mut queue.inbox),
            close: queue.close,
            drain: queue.drain.take(),
            ..Work::default()
        };
        let mut taken = 0;
        while let Some(out) = queue.frames.front() {
            let len = out.frame().len();
            if taken > 0 && taken + len > max_bytes {
                break;
            }
            taken += len;
            queue.bytes -= len;
            if let Some(out) = queue.frames.pop_front() {
                work.frames.push(out.into_frame());
            }
        }
        work.more = !queue.frames.is_empty();
        if !work.more {
            queue.calm_down(&mut work);
        }
        work
    }

    /// Rows up to `sent` were written.
    pub fn caught_up(&self, conv: &ConvId, sent: u64) {
        let mut queue = self.lock();
        let Some(behind) = queue.behind.get_mut(conv) else {
            return;
        };
        behind.next = sent + 1;
        if behind.next > behind.head {
            queue.behind.remove(conv);
        }
    }

    /// Conversations on the screen, as the last frame 7 said.
    pub fn set_open(&self, convs: Vec<ConvId>) {
        self.lock().open = convs;
    }

    /// Conversations on the screen.
    pub fn open(&self) -> Vec<ConvId> {
        self.lock().open.clone()
    }

    /// Whether the conversation is on the screen.
    pub fn has_open(&self, conv: &ConvId) -> bool {
        self.lock().open.contains(conv)
    }

    /// A send was handed to its stream.
    pub fn sent(&self) {
        self.outstanding.fetch_add(1, Ordering::Relaxed);
    }

    /// A send was taken back before it waited.
    pub fn unsent(&self) {
        self.outstanding.fetch_sub(1, Ordering::Relaxed);
    }

    /// A send was answered.
    pub fn answered(&self, frame: Bytes) {
        self.outstanding.fetch_sub(1, Ordering::Relaxed);
        self.push_reply(frame);
    }

    /// Bytes that wait for the socket.
    pub fn waiting_bytes(&self) -> usize {
        self.lock().bytes
    }

    /// Sends that were not answered yet.
    pub fn outstanding(&self) -> u32 {
        self.outstanding.load(Ordering::Relaxed)
    }
}

impl Out {
    fn into_frame(self) -> Bytes {
        match self {
            Self::Row(_, row) => row.frame,
            Self::Mark(_, frame) | Self::Flash(frame) | Self::Bell(frame) | Self::Reply(frame) => {
                frame
            }
        }
    }
}

impl Queue {
    fn drop_bytes(&mut self) {
        let mut kept = VecDeque::new();
        let mut bytes = 0;
        for out in std::mem::take(&mut self.frames) {
            match out {
                Out::Row(conv, row) => {
                    let behind = self.behind.entry(conv).or_insert(Behind {
                        next: row.seq,
                        head: row.seq,
                    });
                    behind.head = behind.head.max(row.seq);
                }
                Out::Mark(conv, _) => {
                    self.resync.insert(conv);
                }
                Out::Flash(_) => {}
                Out::Bell(_) => self.resync_all = true,
                Out::Reply(frame) => {
                    bytes += frame.len();
                    kept.push_back(Out::Reply(frame));
                }
            }
        }
        self.frames = kept;
        self.bytes = bytes;
    }

    /// Everything was taken: hand out what was dropped, and give back the memory of a burst.
    fn calm_down(&mut self, work: &mut Work) {
        if self.frames.capacity() > 64 {
            self.frames = VecDeque::new();
        }
        if std::mem::take(&mut self.resync_all) {
            self.resync.clear();
            work.resync = Some(Vec::new());
        } else if !self.resync.is_empty() {
            work.resync = Some(std::mem::take(&mut self.resync).into_iter().collect());
        }
        work.behind = self.behind.iter().next().map(|(conv, b)| (*conv, *b));
    }
}
