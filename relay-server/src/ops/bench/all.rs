//! `chatty-relay bench` without a step: every figure of docs/figures.md that is the relay's,
//! beside its target and beside a bare log where there is one.

use super::figure::{Figure, Want};
use super::relay::{Kind, Relay, folder, plan};
use super::{BenchError, LoadArgs, Plan, Report, flush, load, prepare, process};
use crate::clock::{SharedClock, SharedRandom};

/// Seconds of one measurement.
const SECONDS: u64 = 10;
/// Names of the scenarios, in the order of a whole run.
pub const NAMES: &[&str] = &["pairs", "group", "paced", "idle", "many", "offline"];
/// What the targets presume of the disk, milliseconds.
const FLUSH_P99_MS: f64 = 0.5;

/// How a scenario sends.
pub(super) struct Sending {
    pub window: usize,
    pub senders: usize,
    pub size: usize,
    pub pace: u64,
    pub seconds: u64,
}

impl Sending {
    pub fn window(window: usize) -> Self {
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
            bare: relay.kind() == Kind::Bare,
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
    /// Runs the named scenarios one after the other; none named = all.
    pub async fn run(&self, names: &[String]) -> Result<(), BenchError> {
        if let Some(name) = names.iter().find(|name| !NAMES.contains(&name.as_str())) {
            return Err(BenchError::Unknown(name.clone(), NAMES.join(", ")));
        }
        self.preface()?;
        for name in NAMES {
            if !names.is_empty() && !names.iter().any(|wanted| wanted == name) {
                continue;
            }
            match *name {
                "pairs" => self.pairs().await?,
                "group" => self.group().await?,
                "paced" => self.paced().await?,
                "idle" => self.idle().await?,
                "many" => self.many().await?,
                _ => self.offline().await?,
            }
        }
        Ok(())
    }

    /// On what this runs; figures of other machines are no yardstick.
    fn preface(&self) -> Result<(), BenchError> {
        (self.say)(&format!("machine: {}", process::machine()));
        (self.say)(&format!("SQLite {}", rusqlite::version()));
        let flush = flush::measure(&folder("flush"))?;
        let name = format!("disk flush p99 (p50 {:.2} ms)", flush.p50_ms);
        let presumed = "what the targets presume";
        let verdict = if flush.p99_ms <= FLUSH_P99_MS {
            "given"
        } else {
            "not given"
        };
        let p99 = flush.p99_ms;
        (self.say)(&format!(
            "{name:<44} {p99:>10.2} {:<14} ≤ {FLUSH_P99_MS:<9} {presumed}: {verdict}",
            "ms"
        ));
        Ok(())
    }

    pub(super) async fn ready(
        &self,
        name: &str,
        users: usize,
        members: usize,
    ) -> Result<(Plan, Relay), BenchError> {
        let plan = plan(name, users, members)?;
        prepare(&plan, self.clock, self.random).await?;
        let relay = Relay::start(&plan, Kind::Relay).await?;
        Ok((plan, relay))
    }

    pub(super) async fn bare(
        &self,
        name: &str,
        users: usize,
        members: usize,
    ) -> Result<(Plan, Relay), BenchError> {
        let plan = plan(name, users, members)?;
        let bare = Relay::start(&plan, Kind::Bare).await?;
        Ok((plan, bare))
    }

    pub(super) async fn load(
        &self,
        plan: &Plan,
        relay: &Relay,
        sending: &Sending,
    ) -> Result<Report, BenchError> {
        load(&sending.args(plan, relay), self.clock, self.random).await
    }

    pub(super) fn line(&self, name: &str, figure: f64, want: Want, target: f64, unit: &str) {
        let figure = Figure {
            name,
            figure,
            want,
            target,
            unit,
        };
        (self.say)(&figure.line());
    }

    /// Delivery times, CPU, and where it went.
    pub(super) fn details(&self, report: &Report, cpu: Option<f64>) {
        if let (Some(each), Some(target)) = (report.cpu_per_message(), cpu) {
            self.line("  relay CPU", each, Want::AtMost, target, "µs/message");
        }
        if let Some(line) = report.cost_line() {
            (self.say)(&line);
        }
        (self.say)(&report.latency_line());
    }
}
