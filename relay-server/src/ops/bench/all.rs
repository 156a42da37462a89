//! `chatty-relay bench` without a step: every figure of architecture.md §7 that is the relay's,
//! beside its target.

use super::relay::{Relay, plan};
use super::{BenchError, LoadArgs, Plan, Report, drain, load, prepare};
use crate::clock::{SharedClock, SharedRandom};

/// Seconds of one measurement.
const SECONDS: u64 = 10;
/// Messages that the offline device missed.
const MISSED: u64 = 10_000;

/// Whether more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    AtLeast,
    AtMost,
}

/// One line: figure and target side by side.
fn line(name: &str, figure: f64, want: Want, target: f64, unit: &str) -> String {
    let (sign, reached) = match want {
        Want::AtLeast => ('≥', figure >= target),
        Want::AtMost => ('≤', figure <= target),
    };
    let verdict = if reached { "reached" } else { "missed" };
    format!("{name:<44} {figure:>10.1} {unit:<14} {sign} {target:<9} {verdict}")
}

/// How a scenario sends.
struct Sending {
    window: usize,
    senders: usize,
    size: usize,
    pace: u64,
    seconds: u64,
}

impl Sending {
    fn window(window: usize) -> Self {
        Self {
            window,
            senders: 0,
            size: 1024,
            pace: 0,
            seconds: SECONDS,
        }
    }

    fn args(&self, plan: &Plan, relay: &Relay) -> LoadArgs {
        LoadArgs {
            plan: plan.clone(),
            window: self.window,
            senders: self.senders,
            size: self.size,
            pace: self.pace,
            seconds: self.seconds,
            relay_pid: Some(relay.pid()),
        }
    }
}

/// What all scenarios need.
pub struct All<'a> {
    /// Time.
    pub clock: &'a SharedClock,
    /// Randomness.
    pub random: &'a SharedRandom,
    /// Takes each line as soon as it is known.
    pub say: &'a dyn Fn(&str),
}

impl All<'_> {
    /// Runs everything, one after the other.
    pub async fn run(&self) -> Result<(), BenchError> {
        self.pairs().await?;
        self.group().await?;
        self.paced().await?;
        self.idle().await?;
        self.offline().await
    }

    async fn ready(
        &self,
        name: &str,
        users: usize,
        members: usize,
    ) -> Result<(Plan, Relay), BenchError> {
        let plan = plan(name, users, members)?;
        prepare(&plan, self.clock, self.random).await?;
        let relay = Relay::start(&plan).await?;
        Ok((plan, relay))
    }

    async fn load(
        &self,
        plan: &Plan,
        relay: &Relay,
        sending: &Sending,
    ) -> Result<Report, BenchError> {
        load(&sending.args(plan, relay), self.clock, self.random).await
    }

    fn line(&self, name: &str, figure: f64, want: Want, target: f64, unit: &str) {
        (self.say)(&line(name, figure, want, target, unit));
    }

    async fn pairs(&self) -> Result<(), BenchError> {
        let (plan, relay) = self.ready("pairs", 500, 2).await?;
        for (window, target, cpu) in [(1, 20_000.0, 45.0), (32, 45_000.0, 22.0)] {
            let report = self.load(&plan, &relay, &Sending::window(window)).await?;
            let name = format!("500 users in pairs, 1 KiB, window {window}");
            let rate = report.accepted_per_second();
            self.line(&name, rate, Want::AtLeast, target, "msg/s");
            if let Some(each) = report.cpu_per_message() {
                self.line("  relay CPU", each, Want::AtMost, cpu, "µs/message");
            }
            (self.say)(&report.latency_line());
        }
        Ok(())
    }

    async fn group(&self) -> Result<(), BenchError> {
        let (plan, relay) = self.ready("group", 100, 100).await?;
        for (window, target) in [(1, 80_000.0), (8, 200_000.0)] {
            let report = self.load(&plan, &relay, &Sending::window(window)).await?;
            let name = format!("group of 100, window {window}");
            let rate = report.delivered_per_second();
            self.line(&name, rate, Want::AtLeast, target, "deliveries/s");
        }
        Ok(())
    }

    async fn paced(&self) -> Result<(), BenchError> {
        let (plan, relay) = self.ready("paced", 500, 2).await?;
        let sending = Sending {
            pace: 1_000,
            ..Sending::window(8)
        };
        let report = self.load(&plan, &relay, &sending).await?;
        let name = "paced 1,000 msg/s, delivery p99";
        self.line(name, report.quantile_ms(0.99), Want::AtMost, 2.0, "ms");
        (self.say)(&report.latency_line());
        Ok(())
    }

    async fn idle(&self) -> Result<(), BenchError> {
        let (plan, relay) = self.ready("idle", 5_000, 2).await?;
        let sending = Sending {
            seconds: 1,
            ..Sending::window(0)
        };
        let report = self.load(&plan, &relay, &sending).await?;
        if let Some(bytes) = report.bytes_per_socket() {
            let name = "memory per idle socket, 5,000 sockets";
            self.line(name, bytes, Want::AtMost, 8_192.0, "bytes");
        }
        Ok(())
    }

    async fn offline(&self) -> Result<(), BenchError> {
        let (plan, mut relay) = self.ready("offline", 2, 2).await?;
        let start = relay.start_up.as_secs_f64() * 1_000.0;
        self.line("start-up", start, Want::AtMost, 1_000.0, "ms");
        // One sender, paced so that the wanted number is there when it ends.
        let sending = Sending {
            senders: 1,
            size: 256,
            pace: MISSED / 4,
            seconds: 4,
            ..Sending::window(64)
        };
        self.load(&plan, &relay, &sending).await?;
        for name in ["drain of 10,000 by REST", "the same after kill -9"] {
            let drained = drain::drain(&plan, self.clock, self.random).await?;
            let each = drained.took.as_secs_f64() / drained.messages.max(1) as f64;
            self.line(name, each * MISSED as f64, Want::AtMost, 0.5, "s");
            relay.kill_and_start().await?;
        }
        let start = relay.start_up.as_secs_f64() * 1_000.0;
        self.line("start-up after kill -9", start, Want::AtMost, 1_000.0, "ms");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_whether_the_target_is_reached() {
        assert!(line("a", 2.0, Want::AtLeast, 1.0, "x").ends_with("reached"));
        assert!(line("a", 2.0, Want::AtMost, 1.0, "x").ends_with("missed"));
    }
}
