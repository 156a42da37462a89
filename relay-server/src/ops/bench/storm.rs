//! Everybody comes back at once: the relay was killed while all were connected.

use std::rc::Rc;
use std::time::{Duration, Instant};

use chatty_protocol::{ConvId, limits};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use super::client::Client;
use super::person::Person;
use super::{BenchError, Plan, drain, http, prepare};
use crate::clock::{SharedClock, SharedRandom};
use crate::service::token::Tokens;

/// Wait after a connection that broke.
const AGAIN: Duration = Duration::from_secs(1);
/// Longest wait for a connection.
const HANDSHAKE: Duration = Duration::from_millis(limits::HANDSHAKE_MS);
/// A storm that is not over by then is a failure.
const PATIENCE: Duration = Duration::from_secs(180);

/// What the storm took.
pub struct Storm {
    /// Devices that have their `ready` and every row.
    pub devices: usize,
    /// Messages that they read.
    pub messages: u64,
    /// Until half of them had.
    pub half_s: f64,
    /// Until all of them had.
    pub all_s: f64,
    /// Times that the relay asked somebody to come later.
    pub sent_away: u64,
}

struct Device {
    token: String,
    conv: ConvId,
}

/// Connects every device of the plan at the same moment and lets each read its stream.
pub async fn storm(
    plan: &Plan,
    clock: &SharedClock,
    random: &SharedRandom,
) -> Result<Storm, BenchError> {
    let tokens = Tokens::open(&plan.data, &plan.origin(), clock.now_ms(), random)?;
    let people: Vec<Person> = (0..plan.users).map(Person::new).collect();
    let mut devices = Vec::with_capacity(people.len());
    for circle in people.chunks(plan.members.max(1)) {
        let (_, state) = prepare::first(plan, circle)?;
        for person in circle {
            let (token, conv) = (drain::access(&tokens, person, clock)?, state.conv);
            devices.push(Device { token, conv });
        }
    }
    let plan = Rc::new(plan.clone());
    let begin = Instant::now();
    let tasks = LocalSet::new();
    let coming: Vec<_> = (devices.into_iter())
        .map(|device| tasks.spawn_local(come_back(Rc::clone(&plan), device, begin)))
        .collect();
    let all = tasks.run_until(futures::future::try_join_all(coming));
    let arrived = tokio::time::timeout(PATIENCE, all).await;
    let arrived = arrived.map_err(|_| BenchError::Answer("the storm does not end"))?;
    let arrived = arrived.map_err(|_| BenchError::Answer("a task broke"))?;
    let mut storm = Storm {
        devices: arrived.len(),
        messages: 0,
        half_s: 0.0,
        all_s: 0.0,
        sent_away: 0,
    };
    let mut times = Vec::with_capacity(arrived.len());
    for arrived in &arrived {
        storm.messages += arrived.messages;
        storm.sent_away += arrived.sent_away;
        times.push(arrived.after.as_secs_f64());
    }
    times.sort_unstable_by(f64::total_cmp);
    storm.half_s = times.get(times.len() / 2).copied().unwrap_or(0.0);
    storm.all_s = times.last().copied().unwrap_or(0.0);
    Ok(storm)
}

struct Arrived {
    after: Duration,
    messages: u64,
    sent_away: u64,
    /// Stays connected until the last one is there.
    _client: Client,
}

async fn come_back(plan: Rc<Plan>, device: Device, begin: Instant) -> Arrived {
    let mut sent_away = 0;
    loop {
        let pause = match arrive(&plan, &device).await {
            Ok((client, messages)) => {
                return Arrived {
                    after: begin.elapsed(),
                    messages,
                    sent_away,
                    _client: client,
                };
            }
            Err(BenchError::Refused(head)) => {
                sent_away += 1;
                let asked = http::header(&head.to_lowercase(), "retry-after");
                asked.map_or(AGAIN, Duration::from_secs)
            }
            Err(_) => AGAIN,
        };
        tokio::time::sleep(pause).await;
    }
}

async fn arrive(plan: &Plan, device: &Device) -> Result<(Client, u64), BenchError> {
    // As an app does: the kernel itself would try a lost first packet again for minutes.
    let connecting = Client::try_connect(plan.listen, &device.token);
    let connected = tokio::time::timeout(HANDSHAKE, connecting).await;
    let client = connected.map_err(|_| BenchError::Answer("no answer in time"))??;
    let mut stream = TcpStream::connect(plan.listen).await?;
    let messages = drain::read_all(&mut stream, plan, &device.conv, &device.token).await?;
    Ok((client, messages))
}
