//! Budgets: so much per window, in one conditional update.

use rusqlite::{Connection, OptionalExtension};

use super::num::{sql, uint};
use crate::store::StoreResult;
use crate::store::account::Spent;

/// What is limited, and how.
pub(super) struct Budget<'a> {
    pub subject: &'a str,
    pub kind: &'a str,
    pub max: u32,
    pub window_ms: u64,
}

/// Spends from the present window, or nothing.
pub(super) fn spend(
    conn: &Connection,
    budget: &Budget<'_>,
    cost: u32,
    now: u64,
) -> StoreResult<Spent> {
    let window = now / budget.window_ms.max(1);
    let until = (window + 1).saturating_mul(budget.window_ms);
    let found: Option<(u64, u32)> = conn
        .prepare_cached("SELECT win, used FROM budget WHERE subject=?1 AND kind=?2")?
        .query_row((budget.subject, budget.kind), |row| {
            Ok((uint(row, 0)?, row.get(1)?))
        })
        .optional()?;
    let used = match found {
        Some((win, used)) if win == window => used,
        _ => 0,
    };
    let after = used.saturating_add(cost);
    if after > budget.max {
        return Ok(Spent::Over(until.saturating_sub(now)));
    }
    conn.prepare_cached(
        "INSERT OR REPLACE INTO budget(subject, kind, win, used, until) VALUES(?1, ?2, ?3, ?4, ?5)",
    )?
    .execute((budget.subject, budget.kind, sql(window), after, sql(until)))?;
    Ok(Spent::Granted(after))
}
