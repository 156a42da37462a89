//! One line of the table: figure and target, as the relay's bench prints them.
#![allow(dead_code, reason = "each bench takes what it needs")]

use std::time::Duration;

/// At most this.
pub fn at_most(name: &str, figure: f64, target: f64, unit: &str) {
    let verdict = if figure <= target {
        "reached"
    } else {
        "missed"
    };
    println!("{name:<44} {figure:>10.1} {unit:<14} ≤ {target:<9} {verdict}");
}

/// A figure without a target.
pub fn plain(name: &str, figure: f64, unit: &str) {
    println!("{name:<44} {figure:>10.1} {unit}");
}

/// Milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// CPU time of this thread, where the system tells it (Linux).
pub fn thread_cpu() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos = stat.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}

/// CPU time of this process with all its threads, where the system tells it (Linux).
pub fn process_cpu() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in parentheses may hold spaces; the fields behind it do not. Ticks are 10 ms.
    let (_, rest) = stat.rsplit_once(')')?;
    let ticks = rest.split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.filter_map(|field| field.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(ticks * 10))
}
