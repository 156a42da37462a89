//! `chatty-relay admin`: care of the data folder, beside a running relay where that is safe.

use std::path::Path;

use crate::clock::{Clock, Random, RandomError, SystemClock, SystemRandom};
use crate::lifecycle::DATABASE;
use crate::store::StoreError;
use crate::store::sqlite::{Figures, SqliteStore};

/// Why an admin command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The generator.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The machine.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The work was cut off.
    #[error("the command was stopped")]
    Stopped,
}

/// Bytes in a mebibyte.
const MIB: u64 = 1024 * 1024;
/// Index and row cost per stored row, beside its body.
const ROW_OVERHEAD: u64 = 200;

async fn blocking<T, F>(work: F) -> Result<T, AdminError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, AdminError> + Send + 'static,
{
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| AdminError::Stopped)?
}

/// Writes a consistent copy, also of a running relay. It does not start before `restored`.
pub async fn backup(data: &Path, file: &Path) -> Result<String, AdminError> {
    let (database, file) = (data.join(DATABASE), file.to_owned());
    let said = format!(
        "wrote {}. To use it: put it in place as {DATABASE}, then `chatty-relay admin restored`. \
         Keep relay.secrets of the data folder apart: without it everybody logs in again.",
        file.display()
    );
    blocking(move || Ok(SqliteStore::backup_file(&database, &file)?)).await?;
    Ok(said)
}

/// Gives a copy that was put back a new incarnation, so that clients bring what it lacks.
pub async fn restored(data: &Path) -> Result<String, AdminError> {
    let database = data.join(DATABASE);
    let random: &dyn Random = &SystemRandom;
    let fresh = random.bytes::<16>()?;
    blocking(move || {
        Ok(SqliteStore::restored(
            &database,
            fresh,
            SystemClock.now_ms(),
        )?)
    })
    .await?;
    Ok("marked as restored: start the relay; for ten minutes it takes lost entries first".into())
}

async fn figures(data: &Path) -> Result<Figures, AdminError> {
    let database = data.join(DATABASE);
    blocking(move || Ok(SqliteStore::figures(&database, SystemClock.now_ms())?)).await
}

/// What is stored, in numbers.
pub async fn stats(data: &Path) -> Result<String, AdminError> {
    let f = figures(data).await?;
    Ok(format!(
        "accounts       {}\ndevices        {}\nconversations  {}\nrows           {}\n\
         rows, 7 days   {}\ninbox items    {}\ndead jobs      {}\ndatabase       {} MiB ({} MiB free)",
        f.accounts,
        f.devices,
        f.conversations,
        f.rows,
        f.rows_week,
        f.inbox_items,
        f.dead_jobs,
        f.file_bytes / MIB,
        f.free_bytes / MIB
    ))
}

/// Bytes per day times retention, against what the disk has free.
pub async fn forecast(data: &Path, retention_days: u64) -> Result<String, AdminError> {
    let f = figures(data).await?;
    let free = free_disk(data)?;
    let per_day = (f.bytes_week + f.rows_week * ROW_OVERHEAD) / 7;
    let wanted = per_day.saturating_mul(retention_days);
    let held = f.file_bytes.saturating_sub(f.free_bytes);
    let more = wanted.saturating_sub(held);
    let verdict = match (free + f.free_bytes).checked_div(per_day) {
        None => "nothing was written in the last seven days".to_owned(),
        Some(_) if more <= free + f.free_bytes => "the disk is large enough".to_owned(),
        Some(days) => format!("the disk is full in {days} days: shorten retention or enlarge it"),
    };
    Ok(format!(
        "per day        {} MiB\nat {retention_days} days    {} MiB\nheld now       {} MiB\n\
         disk free      {} MiB\n{verdict}",
        per_day / MIB,
        wanted / MIB,
        held / MIB,
        free / MIB
    ))
}

/// Bytes that an ordinary user may still write on the disk of `path`.
#[expect(unsafe_code, reason = "statvfs has no safe wrapper among our crates")]
pub(super) fn free_disk(path: &Path) -> std::io::Result<u64> {
    use std::os::unix::ffi::OsStrExt;
    let path = std::ffi::CString::new(path.as_os_str().as_bytes())?;
    // SAFETY: `statvfs` is plain data, so zeros are a valid value; the call gets a path that ends
    // in zero and a pointer to a live structure, and its result is read only after it succeeded.
    let mut facts: libc::statvfs = unsafe { std::mem::zeroed() };
    // SAFETY: as above.
    if unsafe { libc::statvfs(path.as_ptr(), &raw mut facts) } != 0 {
        return Err(std::io::Error::last_os_error());
    }
    Ok(facts.f_bavail.saturating_mul(facts.f_frsize))
}
