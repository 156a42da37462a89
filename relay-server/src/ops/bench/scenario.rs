//! The scenarios, one function each.

use super::all::{All, Sending};
use super::figure::{Figure, Want};
use super::{BenchError, Plan, Report, drain, process, storm};

/// Messages that the offline device missed.
const MISSED: u64 = 10_000;
/// Sockets of the storm, when the system allows so many files.
const MANY: usize = 10_000;
/// Files that a process needs beside its sockets.
const OTHER_FILES: usize = 200;

impl All<'_> {
    pub(super) async fn pairs(&self) -> Result<(), BenchError> {
        let (windows, mut ours) = ([1, 32], Vec::new());
        let (plan, relay) = self.ready("pairs", 500, 2).await?;
        for window in windows {
            ours.push(self.load(&plan, &relay, &Sending::window(window)).await?);
        }
        drop(relay);
        let (plan, bare) = self.bare("bare-pairs", 500, 2).await?;
        let targets = [(20_000.0, 45.0, 0.5), (45_000.0, 22.0, 0.4)];
        for ((window, report), (target, cpu, share)) in windows.iter().zip(&ours).zip(targets) {
            let theirs = self.load(&plan, &bare, &Sending::window(*window)).await?;
            let figure = Figure {
                name: &format!("500 users in pairs, 1 KiB, window {window}"),
                figure: report.accepted_per_second(),
                want: Want::AtLeast,
                target,
                unit: "msg/s",
            };
            (self.say)(&figure.line());
            (self.say)(&figure.beside("bare log", theirs.accepted_per_second(), Some(share)));
            self.details(report, Some(cpu));
            self.peer(&theirs);
        }
        Ok(())
    }

    pub(super) async fn group(&self) -> Result<(), BenchError> {
        let (windows, mut ours) = ([1, 8], Vec::new());
        let (plan, relay) = self.ready("group", 100, 100).await?;
        for window in windows {
            ours.push(self.load(&plan, &relay, &Sending::window(window)).await?);
        }
        drop(relay);
        let (plan, bare) = self.bare("bare-group", 100, 100).await?;
        for ((window, report), target) in windows.iter().zip(&ours).zip([80_000.0, 200_000.0]) {
            let theirs = self.load(&plan, &bare, &Sending::window(*window)).await?;
            let figure = Figure {
                name: &format!("group of 100, 1 KiB, window {window}"),
                figure: report.delivered_per_second(),
                want: Want::AtLeast,
                target,
                unit: "deliveries/s",
            };
            (self.say)(&figure.line());
            (self.say)(&figure.beside("bare log", theirs.delivered_per_second(), None));
            self.details(report, None);
            self.peer(&theirs);
        }
        Ok(())
    }

    fn peer(&self, theirs: &Report) {
        let each = theirs.cpu_per_message().unwrap_or_default();
        (self.say)(&format!("  bare log: {each:.1} µs CPU a message"));
        (self.say)(&theirs.latency_line());
    }

    pub(super) async fn paced(&self) -> Result<(), BenchError> {
        let (plan, relay) = self.ready("paced", 500, 2).await?;
        let sending = Sending {
            pace: 1_000,
            ..Sending::window(8)
        };
        let report = self.load(&plan, &relay, &sending).await?;
        let name = "paced 1,000 msg/s, delivery p99";
        self.line(name, report.quantile_ms(0.99), Want::AtMost, 2.0, "ms");
        self.details(&report, None);
        Ok(())
    }

    pub(super) async fn idle(&self) -> Result<(), BenchError> {
        let (plan, relay) = self.ready("idle", self.sockets(5_000), 2).await?;
        let sending = Sending {
            seconds: 1,
            ..Sending::window(0)
        };
        let report = self.load(&plan, &relay, &sending).await?;
        if let Some(bytes) = report.bytes_per_socket() {
            let name = format!("memory per idle socket, {} sockets", plan.users);
            self.line(&name, bytes, Want::AtMost, 8_192.0, "bytes");
        }
        Ok(())
    }

    /// As many sockets as wanted, or as the system lets one process have.
    fn sockets(&self, wanted: usize) -> usize {
        // The generator needs a second connection for what it asks by REST.
        let allowed = process::descriptors().unwrap_or(wanted);
        let most = (allowed.saturating_sub(OTHER_FILES) / 2).max(2) & !1;
        if most < wanted {
            let text = format!("only {most} sockets: {allowed} files may be open (ulimit -n)");
            (self.say)(&text);
        }
        wanted.min(most)
    }

    /// 500 msg/s among many sockets; then the relay dies and all of them come back at once.
    pub(super) async fn many(&self) -> Result<(), BenchError> {
        let (plan, mut relay) = self.ready("many", self.sockets(MANY), 2).await?;
        let sending = Sending {
            pace: 500,
            ..Sending::window(8)
        };
        let report = self.load(&plan, &relay, &sending).await?;
        let name = format!("500 msg/s, {} sockets, delivery p99", plan.users);
        self.line(&name, report.quantile_ms(0.99), Want::AtMost, 50.0, "ms");
        self.details(&report, None);
        relay.kill_and_start().await?;
        let storm = storm::storm(&plan, self.clock, self.random).await?;
        let name = format!("reconnect storm of {}, drained", storm.devices);
        self.line(&name, storm.all_s, Want::AtMost, 60.0, "s");
        (self.say)(&format!(
            "  half after {:.1} s; {} messages read; {} times asked to come later",
            storm.half_s, storm.messages, storm.sent_away
        ));
        Ok(())
    }

    pub(super) async fn offline(&self) -> Result<(), BenchError> {
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
        self.drained(&plan, "drain of 10,000 by REST").await?;
        relay.kill_and_start().await?;
        self.drained(&plan, "the same after kill -9").await?;
        let start = relay.start_up.as_secs_f64() * 1_000.0;
        self.line("start-up after kill -9", start, Want::AtMost, 1_000.0, "ms");
        Ok(())
    }

    async fn drained(&self, plan: &Plan, name: &str) -> Result<(), BenchError> {
        let drained = drain::drain(plan, self.clock, self.random).await?;
        let each = drained.took.as_secs_f64() / drained.messages.max(1) as f64;
        self.line(name, each * MISSED as f64, Want::AtMost, 0.5, "s");
        Ok(())
    }
}
