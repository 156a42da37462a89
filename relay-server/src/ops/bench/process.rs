//! What the relay's process used, from `/proc` (Linux).

use std::fs;

/// Clock ticks per second of `/proc/<pid>/stat`.
const TICKS: u64 = 100;
/// Name of the store's writing thread.
const WRITER: &str = "store-write";

/// CPU time, microseconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cpu {
    /// In the program.
    pub user: u64,
    /// In the kernel, on the program's behalf.
    pub system: u64,
    /// Both, of the thread that writes the database; the other threads serve sockets.
    pub writer: u64,
}

impl Cpu {
    /// User and system together.
    pub fn all(self) -> u64 {
        self.user + self.system
    }

    /// What was used since `before`.
    pub fn since(self, before: Self) -> Self {
        Self {
            user: self.user.saturating_sub(before.user),
            system: self.system.saturating_sub(before.system),
            writer: self.writer.saturating_sub(before.writer),
        }
    }
}

/// CPU time so far.
pub fn cpu(pid: u32) -> Option<Cpu> {
    let (user, system) = times(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?;
    let mut cpu = Cpu {
        user,
        system,
        writer: 0,
    };
    for task in fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten() {
        let stat = fs::read_to_string(task.path().join("stat")).unwrap_or_default();
        if stat.contains(WRITER) {
            cpu.writer += times(&stat).map_or(0, |(user, system)| user + system);
        }
    }
    Some(cpu)
}

/// User and system time of a `stat` line, microseconds.
fn times(stat: &str) -> Option<(u64, u64)> {
    // The name in parentheses may hold spaces; the fields behind it do not.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let micros = |ticks: u64| ticks * 1_000_000 / TICKS;
    let user = fields.next()?.parse().ok()?;
    let system = fields.next()?.parse().ok()?;
    Some((micros(user), micros(system)))
}

/// Resident memory, bytes.
pub fn resident(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

/// Files that this process may have open: every socket is one.
pub fn descriptors() -> Option<usize> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))?;
    line.split_whitespace().nth(3)?.parse().ok()
}

/// The machine in one line, for the record.
pub fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpu.lines().find_map(|line| line.strip_prefix("model name"));
    let name = name.map_or("unknown CPU", |rest| {
        rest.trim_start_matches([' ', '\t', ':'])
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{name}, kernel {}, {cores} core(s) for the generator",
        kernel.trim()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_behind_a_name_with_spaces() {
        let stat = "7 (a b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20";
        assert_eq!(times(stat), Some((2_500_000, 500_000)));
    }
}
