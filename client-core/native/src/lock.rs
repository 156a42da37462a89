//! One process per home (A27): a lock of the operating system on a file that names its holder.
//! The lock ends with the process, however it ends; nothing stale is left behind.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::files;

/// How often a waiting process looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The lock; given back when it is dropped.
#[derive(Debug)]
pub struct HomeLock {
    // Holds the lock for as long as it is open.
    _file: File,
}

/// Why the lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process holds it.
    #[error("the home is in use by process {pid}")]
    Locked {
        /// Its process id; 0 when it has not written it yet.
        pid: u32,
    },
    /// The file cannot be used.
    #[error("the lock file cannot be used: {0}")]
    Io(#[from] io::Error),
}

impl HomeLock {
    /// Takes the lock of a home, waiting up to `wait` for another process to leave.
    pub fn take(home: &Path, wait: Duration) -> Result<Self, LockError> {
        let mut file = files::private_file(&home.join("lock"))?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(error.into()),
                Err(TryLockError::WouldBlock) if started.elapsed() < wait => {
                    std::thread::sleep(LOOK_AGAIN.min(wait));
                }
                Err(TryLockError::WouldBlock) => return Err(holder(&mut file)),
            }
        }
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())?;
        Ok(Self { _file: file })
    }
}

fn holder(file: &mut File) -> LockError {
    let mut text = String::new();
    let _ = file.rewind();
    // Whoever holds it may write at this moment; the number is for people only.
    let _ = file.take(32).read_to_string(&mut text);
    LockError::Locked {
        pid: text.trim().parse().unwrap_or(0),
    }
}
