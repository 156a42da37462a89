//! The one task that appends: takes what waits for each stream, at most one append in flight per
//! stream, many streams per commit (ARCHITECTURE.md §5).

use std::sync::Arc;

use futures::stream::{FuturesUnordered, StreamExt};

use super::check::Verdict;
use super::settle::{Flight, Settled};
use super::stream::{Inner, Pending, Stream};
use super::streams::Streams;
use crate::bus::Bus;
use crate::clock::SharedClock;
use crate::store::stream::{APPEND_BYTES, APPEND_ROWS, Append, NewBody, NewRow};
use crate::store::{Store, StoreResult, stream::Appended};

/// Rows of one commit that this task asks for.
const COMMIT_ROWS: usize = 512;
/// Commits asked for at a time: one is written, one waits, so the writer never idles.
const COMMITS_IN_FLIGHT: usize = 2;

/// Appends until the relay stops.
pub struct Appender {
    /// The streams.
    pub streams: Arc<Streams>,
    /// Where rows go.
    pub store: Arc<dyn Store>,
    /// Who hears of them.
    pub bus: Arc<dyn Bus>,
    /// Time of acceptance.
    pub clock: SharedClock,
}

/// One commit that is under way.
struct Commit {
    flights: Vec<Flight>,
    outcome: StoreResult<Vec<Vec<Appended>>>,
}

impl Appender {
    /// Runs for ever; the caller aborts the task after the sockets are gone.
    pub async fn run(self) {
        let mut commits = FuturesUnordered::new();
        let mut backlog: Vec<Arc<Stream>> = Vec::new();
        loop {
            backlog.extend(self.streams.take_ready());
            while commits.len() < COMMITS_IN_FLIGHT && !backlog.is_empty() {
                let (flights, appends) = self.board(&mut backlog);
                if appends.is_empty() {
                    continue;
                }
                let store = Arc::clone(&self.store);
                commits.push(async move {
                    let outcome = store.append_groups(appends).await;
                    Commit { flights, outcome }
                });
            }
            tokio::select! {
                Some(commit) = commits.next(), if !commits.is_empty() => self.land(commit),
                () = self.streams.work.notified() => {}
            }
        }
    }

    /// Takes streams from the backlog until a commit is full.
    fn board(&self, backlog: &mut Vec<Arc<Stream>>) -> (Vec<Flight>, Vec<Append>) {
        let time = self.clock.now_ms();
        let (mut rows, mut bytes) = (0, 0);
        let (mut flights, mut appends) = (Vec::new(), Vec::new());
        let mut taken = 0;
        for stream in backlog.iter() {
            if rows >= COMMIT_ROWS || bytes >= APPEND_BYTES {
                break;
            }
            taken += 1;
            let Some((flight, append)) = take(stream, time) else {
                continue;
            };
            rows += append.rows.len();
            bytes += flight.bytes();
            flights.push(flight);
            appends.push(append);
        }
        for stream in backlog.drain(..taken) {
            // A stream whose queue held only refusals is free again at once.
            let flying = flights
                .iter()
                .any(|flight| Arc::ptr_eq(&flight.stream, &stream));
            if !flying {
                self.release(&stream);
            }
        }
        (flights, appends)
    }

    fn land(&self, commit: Commit) {
        match commit.outcome {
            Ok(outcomes) => {
                for (flight, rows) in commit.flights.into_iter().zip(outcomes) {
                    let stream = Arc::clone(&flight.stream);
                    match flight.settle(rows, self.bus.as_ref()) {
                        Settled::Done => self.release(&stream),
                        Settled::Elsewhere => self.give_up(&stream),
                    }
                }
            }
            Err(error) => {
                tracing::warn!(%error, "an append failed");
                for flight in commit.flights {
                    let stream = Arc::clone(&flight.stream);
                    flight.fail(&error);
                    self.give_up(&stream);
                }
            }
        }
    }

    /// The stream may be taken again; when more waits for it, it is.
    fn release(&self, stream: &Arc<Stream>) {
        let mut inner = stream.lock();
        let more = !inner.queue.is_empty();
        inner.scheduled = more;
        drop(inner);
        if more {
            self.streams.make_ready(Arc::clone(stream));
        } else {
            self.streams.forget_uncreated(stream);
        }
    }

    /// Memory and store may differ: forget the stream; what waits is asked to come again.
    fn give_up(&self, stream: &Arc<Stream>) {
        self.streams.forget(stream);
        let waiting = std::mem::take(&mut stream.lock().queue);
        waiting.into_iter().for_each(super::settle::try_again);
    }
}

/// Takes the rows of one append: up to 100 messages, or one entry. Refused ones are answered.
fn take(stream: &Arc<Stream>, time: u64) -> Option<(Flight, Append)> {
    let mut inner = stream.lock();
    let mut flight = Flight::new(Arc::clone(stream), time);
    let mut rows = Vec::new();
    let (mut staged, mut bytes) = (0, 0);
    while rows.len() < APPEND_ROWS {
        let Some(next) = inner.queue.front() else {
            break;
        };
        if !rows.is_empty()
            && (matches!(next, Pending::Entry(_)) || bytes + next.size() > APPEND_BYTES)
        {
            break;
        }
        let Some(pending) = inner.queue.pop_front() else {
            break;
        };
        bytes += pending.size();
        match pending {
            Pending::Entry(entry) => match super::settle::judge(&inner, &entry, time) {
                Ok((after, row)) => {
                    flight.board_entry(entry, after);
                    rows.push(row);
                    break;
                }
                Err(refusal) => entry.refuse(refusal),
            },
            Pending::Message(message) => match verdict(&mut inner, &message, &mut staged) {
                Verdict::Refuse(refusal) => message.refuse(refusal),
                Verdict::Append | Verdict::LookUp => {
                    rows.push(NewRow {
                        user: message.route.user,
                        device: message.route.device,
                        time,
                        body: NewBody::Message {
                            msg: message.msg,
                            n: message.n,
                            body: message.body.clone(),
                            expires: expires(&inner, time),
                        },
                    });
                    flight.board_message(message);
                }
            },
        }
    }
    let append = Append {
        conv: stream.conv,
        base_head: inner.head,
        rows,
    };
    (!append.rows.is_empty()).then_some((flight, append))
}

fn verdict(inner: &mut Inner, message: &super::stream::MessageIn, staged: &mut u64) -> Verdict {
    let verdict = inner.check(message, *staged);
    if verdict == Verdict::Append {
        *staged += 1;
    }
    verdict
}

/// When the relay empties the row: max(timer, 30 days) in a conversation with a timer.
fn expires(inner: &Inner, time: u64) -> Option<u64> {
    let timer_s = inner.state.as_ref()?.policy.timer_s;
    let life = (timer_s * 1_000).max(chatty_protocol::limits::TIMER_PURGE_MS);
    (timer_s > 0).then(|| time.saturating_add(life))
}
