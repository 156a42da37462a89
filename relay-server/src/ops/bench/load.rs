//! Everybody connects, then sends for a while; all in one thread, so that one core is enough.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::sync::watch;
use tokio::task::LocalSet;

use super::client::{Client, frame_number};
use super::person::Person;
use super::template::Template;
use super::{BenchError, LoadArgs, Report, drain, prepare, process};
use crate::clock::{SharedClock, SharedRandom};
use crate::service::token::Tokens;

/// Runs before anything is counted.
const WARM_UP: Duration = Duration::from_secs(2);
/// Sockets that are opened at a time.
const OPENING: usize = 16;

/// What all users of a run share.
struct Run {
    size: usize,
    window: usize,
    /// Time between two messages of one sender; none = as the window lets it.
    gap: Option<Duration>,
    start: Instant,
    counting: Cell<bool>,
    report: RefCell<Report>,
}

/// How far the run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Connecting,
    Sending,
    Over,
}

/// Connects everybody, sends, and returns the figures.
pub async fn load(
    args: &LoadArgs,
    clock: &SharedClock,
    random: &SharedRandom,
) -> Result<Report, BenchError> {
    let plan = &args.plan;
    let tokens = Tokens::open(&plan.data, &plan.origin(), clock.now_ms(), random)?;
    let people: Vec<Person> = (0..plan.users).map(Person::new).collect();
    let before = args.relay_pid.and_then(process::resident);
    let mut users = Vec::with_capacity(people.len());
    for (room, circle) in people.chunks(plan.members.max(1)).enumerate() {
        let (_, state) = prepare::first(plan, circle)?;
        // Entries behind the first: one join each, groups also their invites.
        let others = circle.len() as u64 - 1;
        let invites = others.div_ceil(chatty_protocol::limits::INVITES_PER_ENTRY as u64);
        let log_seq = if circle.len() > 2 {
            others + invites
        } else {
            others
        };
        for person in circle {
            let door = match args.bare {
                true => Door::Room(room),
                false => Door::Token(drain::access(&tokens, person, clock)?),
            };
            users.push((door, Template::new(&state.conv, log_seq, args.size)));
        }
    }
    let clients = connect(args, &users).await?;
    let after = args.relay_pid.and_then(process::resident);
    let mut report = send(args, clients, users, clock).await?;
    report.sockets = plan.users;
    report.socket_bytes = before.zip(after).map(|(b, a)| a.saturating_sub(b));
    report.latencies.sort_unstable();
    Ok(report)
}

/// Where a user goes in.
enum Door {
    /// The relay, with this access token.
    Token(String),
    /// A room of the bare log.
    Room(usize),
}

impl Door {
    async fn enter(&self, address: SocketAddr) -> Result<Client, BenchError> {
        match self {
            Self::Token(token) => Client::connect(address, token).await,
            Self::Room(room) => Client::connect_bare(address, *room).await,
        }
    }
}

async fn connect(args: &LoadArgs, users: &[(Door, Template)]) -> Result<Vec<Client>, BenchError> {
    let mut clients = Vec::with_capacity(users.len());
    for some in users.chunks(OPENING) {
        let opening = some.iter().map(|(door, _)| door.enter(args.plan.listen));
        clients.extend(futures::future::try_join_all(opening).await?);
    }
    Ok(clients)
}

async fn send(
    args: &LoadArgs,
    clients: Vec<Client>,
    users: Vec<(Door, Template)>,
    clock: &SharedClock,
) -> Result<Report, BenchError> {
    let senders = if args.senders == 0 {
        users.len()
    } else {
        args.senders
    };
    let gap =
        (args.pace > 0).then(|| Duration::from_secs(1).mul_f64(senders as f64 / args.pace as f64));
    let run = Rc::new(Run {
        size: args.size,
        window: args.window,
        gap,
        start: Instant::now(),
        counting: Cell::new(false),
        report: RefCell::default(),
    });
    // Numbers of an earlier run on the same folder are passed for ever.
    let first_n = clock.now_ms().saturating_mul(1_000);
    let (phase, watched) = watch::channel(Phase::Connecting);
    let tasks = LocalSet::new();
    let mut running = Vec::new();
    for (index, (client, (_, template))) in clients.into_iter().zip(users).enumerate() {
        let user = User {
            run: Rc::clone(&run),
            client,
            template,
            n: first_n,
            open: 0,
            sends: index < senders && args.window > 0,
            // Senders of a paced run begin one after the other, not all at once.
            next_at: run.gap.map_or(Duration::ZERO, |gap| {
                gap.mul_f64(index as f64 / senders as f64)
            }),
        };
        running.push(tasks.spawn_local(user.live(watched.clone())));
    }
    drop(watched);
    let measured = tasks.run_until(async {
        let _everybody_left = phase.send(Phase::Sending);
        tokio::time::sleep(WARM_UP).await;
        let cpu = args.relay_pid.and_then(process::cpu);
        let start = Instant::now();
        run.counting.set(true);
        tokio::time::sleep(Duration::from_secs(args.seconds)).await;
        run.counting.set(false);
        let seconds = start.elapsed().as_secs_f64();
        let cpu = cpu.zip(args.relay_pid.and_then(process::cpu));
        let _everybody_left = phase.send(Phase::Over);
        for user in running {
            user.await
                .map_err(|_| BenchError::Answer("a task broke"))??;
        }
        Ok::<_, BenchError>((seconds, cpu))
    });
    let (seconds, cpu) = measured.await?;
    let mut report = run.report.take();
    report.seconds = seconds;
    report.cpu = cpu.map(|(before, after)| after.since(before));
    Ok(report)
}

/// One device.
struct User {
    run: Rc<Run>,
    client: Client,
    template: Template,
    n: u64,
    /// Messages that wait for their answer.
    open: usize,
    sends: bool,
    next_at: Duration,
}

impl User {
    async fn live(mut self, mut phase: watch::Receiver<Phase>) -> Result<(), BenchError> {
        loop {
            let now = *phase.borrow_and_update();
            if now == Phase::Sending {
                self.send_due().await?;
            }
            if now == Phase::Over && self.open == 0 {
                return Ok(());
            }
            let due = self.run.start + self.next_at;
            let paced = self.sends && self.run.gap.is_some() && now == Phase::Sending;
            let free = self.open < self.run.window;
            tokio::select! {
                filled = self.client.fill() => {
                    filled?;
                    self.take()?;
                }
                _ = phase.changed() => {}
                () = tokio::time::sleep_until(due.into()), if paced && free => {}
            }
        }
    }

    /// Sends what window and pace allow, in one write.
    async fn send_due(&mut self) -> Result<(), BenchError> {
        if !self.sends {
            return Ok(());
        }
        let mut out = Vec::new();
        while self.open < self.run.window {
            let now = self.run.start.elapsed();
            if let Some(gap) = self.run.gap {
                if now < self.next_at {
                    break;
                }
                self.next_at += gap;
            }
            self.n += 1;
            self.open += 1;
            let micros = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
            self.template.write(&mut out, self.n, micros);
        }
        if !out.is_empty() {
            self.client.stream.write_all(&out).await?;
        }
        Ok(())
    }

    /// Counts what came.
    fn take(&mut self) -> Result<(), BenchError> {
        let now = self.run.start.elapsed().as_micros();
        let mut report = self.run.report.borrow_mut();
        while let Some(payload) = self.client.parse()? {
            let counting = self.run.counting.get();
            match frame_number(payload) {
                34 => {
                    self.open = self.open.saturating_sub(1);
                    report.accepted += u64::from(counting);
                }
                35 => {
                    self.open = self.open.saturating_sub(1);
                    report.refused += 1;
                }
                36 => {
                    let stamp = Template::stamp(payload, self.run.size).unwrap_or_default();
                    let took = now.saturating_sub(u128::from(stamp));
                    if counting {
                        report.delivered += 1;
                        report
                            .latencies
                            .push(u32::try_from(took).unwrap_or(u32::MAX));
                    }
                }
                47 => return Err(BenchError::Answer("the relay said bye")),
                _ => {}
            }
        }
        Ok(())
    }
}
