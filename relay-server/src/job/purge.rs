//! Purge in small steps; the store does one only when nothing better waits for its writer.

use chatty_protocol::limits;

use crate::service::Served;
use crate::state::App;
use crate::store::purge::PurgeCuts;

/// Rows of each kind per step.
const BUDGET: usize = 200;

/// One bounded step; whether there is more to do.
pub async fn purge_step(app: &App) -> Served<bool> {
    let now = app.now_ms();
    let cuts = PurgeCuts {
        now,
        rows: now.saturating_sub(app.config.retention_ms),
        inbox: now.saturating_sub(limits::INBOX_MS),
        claims: now.saturating_sub(limits::CLAIM_REPEAT_MS),
        claimed_keys: now.saturating_sub(limits::CLAIMED_KEY_MS),
    };
    Ok(app.store.purge(cuts, BUDGET).await?.more)
}
