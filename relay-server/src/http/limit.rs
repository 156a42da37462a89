//! A first hurdle for calls without a session: before any hash, per address range (D19).

use chatty_protocol::limits;

use super::error::{ApiError, ApiResult};
use super::extract::AddressRange;
use crate::cache::{Rate, RateKind};
use crate::state::App;

/// Spends one anonymous call of the address range.
pub async fn anonymous(app: &App, range: &AddressRange) -> ApiResult<()> {
    let rate = Rate {
        burst: app.config.limits.anonymous_per_minute,
        window_ms: limits::MINUTE_MS,
    };
    let spent = app
        .cache
        .spend(RateKind::Anonymous, &range.0, 1, rate, app.now_ms());
    spent.await.map_err(ApiError::rate_limited)
}
