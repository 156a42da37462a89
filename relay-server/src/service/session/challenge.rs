//! `GET /challenge`: a nonce for a login-proof.

use chatty_protocol::limits;
use chatty_protocol::rest::Challenge;

use crate::cache::{Rate, RateKind};
use crate::service::{Refused, Served};
use crate::state::App;

/// Nonces that one address range may hold open: far above what people need, far below memory.
const RATE: Rate = Rate {
    burst: 2_000,
    window_ms: limits::CHALLENGE_MS,
};

/// Makes a nonce that is good once, for a minute.
pub async fn challenge(app: &App, range: &[u8]) -> Served<Challenge> {
    let now = app.now_ms();
    let spent = app
        .cache
        .spend(RateKind::Challenge, range, 1, RATE, now)
        .await;
    spent.map_err(Refused::rate_limited)?;
    let nonce = app.random.bytes::<32>()?;
    app.cache.put_nonce(nonce, now + limits::CHALLENGE_MS).await;
    Ok(Challenge {
        nonce: nonce.to_vec().into(),
    })
}
