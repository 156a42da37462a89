//! The row of a device log, and the entries behind it.

use chatty_protocol::UserId;
use chatty_protocol::device_log::{DeviceEntry, DeviceLog};
use chatty_protocol::sign::{Hash32, Head, Signed, ZERO_HASH};
use serde::{Deserialize, Serialize};

use crate::error::CryptoError;
use crate::tx::Tx;
use crate::view::Table;
use crate::{megolm, rows};

/// What is pinned of a user.
#[derive(Serialize, Deserialize)]
pub(crate) struct LogRow {
    /// The branch that was seen first.
    #[serde(with = "rows::wire")]
    pub(crate) log: DeviceLog,
    /// First number at which another validly signed entry is known.
    pub(crate) forked_at: Option<u64>,
    /// The other branch, as far as it was seen.
    #[serde(with = "rows::wire")]
    pub(crate) rival: Option<DeviceLog>,
}

impl LogRow {
    /// The log up to the last entry that both branches share.
    pub(crate) fn usable(self) -> Option<DeviceLog> {
        match self.forked_at {
            None => Some(self.log),
            Some(first) => rewound(self.log, self.rival.as_ref(), first.checked_sub(1)?),
        }
    }
}

/// Cuts a log back to `common`. Whoever is revoked on either branch stays revoked.
fn rewound(mut log: DeviceLog, rival: Option<&DeviceLog>, common: u64) -> Option<DeviceLog> {
    let index = usize::try_from(common).ok()?;
    let hash = *log.hashes.get(index)?;
    log.head = Head { seq: common, hash };
    log.hashes.truncate(index + 1);
    log.aik = log.aik_at(common);
    log.aiks.retain(|(at, _)| *at <= common);
    log.handles.retain(|(at, _, _)| *at <= common);
    log.handle = log
        .handles
        .last()
        .map(|(_, name, origin)| (name.clone(), origin.clone()));
    log.closed = false;
    log.devices.retain(|_, record| record.added_at <= common);
    for (id, record) in &mut log.devices {
        let there = rival
            .and_then(|rival| rival.devices.get(id))
            .and_then(|record| record.revoked);
        let revoked = record.revoked.or(there);
        record.revoked = revoked.map(|(at, reason)| (at.min(common), reason));
        record.history.retain(|(at, _, _)| *at <= common);
        if let Some((_, class, expires)) = record.history.last() {
            (record.class, record.expires) = (*class, *expires);
        }
    }
    Some(log)
}

/// Reads what is pinned.
pub(crate) fn load(tx: &Tx<'_>, user: &UserId) -> Result<Option<LogRow>, CryptoError> {
    rows::load(tx, Table::DeviceLog, user.as_bytes())
}

/// Writes what is pinned.
pub(crate) fn store(tx: &mut Tx<'_>, user: &UserId, row: &LogRow) -> Result<(), CryptoError> {
    megolm::people_changed(tx)?;
    rows::store(tx, Table::DeviceLog, user.as_bytes(), row)
}

/// Keeps the bytes of a verified entry, whatever branch it is on.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    user: &UserId,
    seq: u64,
    signed: &Signed<DeviceEntry>,
) -> Result<(), CryptoError> {
    let hash = DeviceEntry::hash_of(signed);
    let key = rows::key(&[user.as_bytes(), &seq.to_be_bytes(), &hash.0]);
    tx.put(Table::DeviceEntry, &key, signed.to_bytes());
    Ok(())
}

/// A kept entry.
pub(crate) fn kept(
    tx: &Tx<'_>,
    user: &UserId,
    seq: u64,
    hash: &Hash32,
) -> Result<Option<Signed<DeviceEntry>>, CryptoError> {
    let key = rows::key(&[user.as_bytes(), &seq.to_be_bytes(), &hash.0]);
    match tx.get(Table::DeviceEntry, &key)? {
        None => Ok(None),
        Some(bytes) => Ok(Some(Signed::from_bytes(&bytes)?)),
    }
}

/// The log as it was at `head`, built again from the kept entries; none when one is missing.
pub(crate) fn replay(
    tx: &Tx<'_>,
    user: &UserId,
    head: &Head,
) -> Result<Option<DeviceLog>, CryptoError> {
    let mut path = Vec::new();
    let mut at = *head;
    loop {
        let Some(signed) = kept(tx, user, at.seq, &at.hash)? else {
            return Ok(None);
        };
        let prev = signed.open()?.prev;
        path.push(signed);
        if prev == ZERO_HASH || at.seq == 0 {
            break;
        }
        at = Head {
            seq: at.seq - 1,
            hash: prev,
        };
    }
    path.reverse();
    let mut entries = path.iter();
    let Some(first) = entries.next() else {
        return Ok(None);
    };
    let mut log = DeviceLog::init(first)?;
    for signed in entries {
        log.apply(signed)?;
    }
    Ok(Some(log))
}
