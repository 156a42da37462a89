//! Which stream numbers of a conversation are here, so that the rest can be fetched in any order.

use chatty_protocol::ConvId;

use super::value::{all, int, number, one, write};
use super::{Db, StoreError, Tx};

/// Notes that the rows `lo..=hi` are here.
pub fn add(tx: &Tx<'_>, conv: &ConvId, lo: u64, hi: u64) -> Result<(), StoreError> {
    if lo > hi {
        return Ok(());
    }
    // Everything that overlaps or touches becomes one interval.
    let touching = all(
        tx.connection(),
        "SELECT lo, hi FROM known_range WHERE conv = ?1 AND lo <= ?3 + 1 AND hi >= ?2 - 1",
        (conv.as_ref(), int(lo), int(hi)),
        |row| Ok((number(row, 0)?, number(row, 1)?)),
    )?;
    let (mut new_lo, mut new_hi) = (lo, hi);
    for (old_lo, old_hi) in touching {
        new_lo = new_lo.min(old_lo);
        new_hi = new_hi.max(old_hi);
        write(
            tx.connection(),
            "DELETE FROM known_range WHERE conv = ?1 AND lo = ?2",
            (conv.as_ref(), int(old_lo)),
        )?;
    }
    write(
        tx.connection(),
        "INSERT INTO known_range (conv, lo, hi) VALUES (?1, ?2, ?3)",
        (conv.as_ref(), int(new_lo), int(new_hi)),
    )?;
    Ok(())
}

/// Whether the row is here.
pub fn contains(db: &dyn Db, conv: &ConvId, seq: u64) -> Result<bool, StoreError> {
    let found = one(
        db.connection(),
        "SELECT 1 FROM known_range WHERE conv = ?1 AND lo <= ?2 AND hi >= ?2",
        (conv.as_ref(), int(seq)),
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// The intervals inside `lo..=hi` whose rows are not here, newest first.
pub fn gaps(db: &dyn Db, conv: &ConvId, lo: u64, hi: u64) -> Result<Vec<(u64, u64)>, StoreError> {
    let known = all(
        db.connection(),
        "SELECT lo, hi FROM known_range WHERE conv = ?1 AND lo <= ?3 AND hi >= ?2
         ORDER BY lo DESC",
        (conv.as_ref(), int(lo), int(hi)),
        |row| Ok((number(row, 0)?, number(row, 1)?)),
    )?;
    let mut gaps = Vec::new();
    // `end` is the highest number not looked at yet, plus one.
    let mut end = hi.saturating_add(1);
    for (known_lo, known_hi) in known {
        if known_hi + 1 < end {
            gaps.push((known_hi + 1, end - 1));
        }
        end = known_lo;
    }
    if lo < end {
        gaps.push((lo, end - 1));
    }
    Ok(gaps)
}

/// Newest number that is here; 0 = none.
pub fn newest(db: &dyn Db, conv: &ConvId) -> Result<u64, StoreError> {
    let found = one(
        db.connection(),
        "SELECT hi FROM known_range WHERE conv = ?1 ORDER BY lo DESC LIMIT 1",
        [conv.as_ref()],
        |row| number(row, 0),
    )?;
    Ok(found.unwrap_or(0))
}

/// Forgets the numbers `lo..=hi`: their rows are asked for once more.
pub fn forget(tx: &Tx<'_>, conv: &ConvId, lo: u64, hi: u64) -> Result<(), StoreError> {
    let cut = all(
        tx.connection(),
        "DELETE FROM known_range WHERE conv = ?1 AND lo <= ?3 AND hi >= ?2 RETURNING lo, hi",
        (conv.as_ref(), int(lo), int(hi)),
        |row| Ok((number(row, 0)?, number(row, 1)?)),
    )?;
    for (old_lo, old_hi) in cut {
        add(tx, conv, old_lo, lo.saturating_sub(1))?;
        add(tx, conv, hi.saturating_add(1).max(old_lo), old_hi)?;
    }
    Ok(())
}

/// Forgets numbers above `head`: the relay was restored and gives them out anew.
pub fn forget_above(tx: &Tx<'_>, conv: &ConvId, head: u64) -> Result<(), StoreError> {
    write(
        tx.connection(),
        "DELETE FROM known_range WHERE conv = ?1 AND lo > ?2",
        (conv.as_ref(), int(head)),
    )?;
    write(
        tx.connection(),
        "UPDATE known_range SET hi = ?2 WHERE conv = ?1 AND hi > ?2",
        (conv.as_ref(), int(head)),
    )?;
    Ok(())
}
