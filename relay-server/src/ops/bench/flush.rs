//! How long the disk takes to make a small write durable: the targets presume a p99 of 0.5 ms.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use super::BenchError;

/// Writes that are measured.
const WRITES: usize = 2_000;
/// Bytes of one: a page with its WAL header.
const BYTES: usize = 4_096 + 24;

/// Median and p99 of one flush, milliseconds.
pub struct Flush {
    /// Half of the flushes took at most this.
    pub p50_ms: f64,
    /// One in a hundred took longer.
    pub p99_ms: f64,
}

/// Appends pages to a file in `folder` and flushes each, as the WAL does.
pub fn measure(folder: &Path) -> Result<Flush, BenchError> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join("flush");
    let mut file = File::create(&path)?;
    // The WAL is written over again after a checkpoint: its blocks are there already.
    file.write_all(&vec![1; WRITES * BYTES])?;
    file.sync_all()?;
    let mut file = File::options().write(true).open(&path)?;
    let page = [2; BYTES];
    let mut times = Vec::with_capacity(WRITES);
    for _ in 0..WRITES {
        let begin = Instant::now();
        file.write_all(&page)?;
        file.sync_data()?;
        times.push(begin.elapsed().as_secs_f64() * 1_000.0);
    }
    std::fs::remove_dir_all(folder)?;
    times.sort_unstable_by(f64::total_cmp);
    let at = |share: usize| times.get(WRITES * share / 100).copied().unwrap_or(0.0);
    Ok(Flush {
        p50_ms: at(50),
        p99_ms: at(99),
    })
}
