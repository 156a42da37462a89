//! The loop behind the relay.

use std::time::Duration;

use chatty_protocol::limits;

use super::purge::purge_step;
use crate::service::account::{MAIL, finish_sagas, run_due_waits, run_mail};
use crate::service::{Refused, Served};
use crate::state::{App, SharedApp};

/// A lost hint costs this long.
const POLL: Duration = Duration::from_secs(15);
/// Mails leased at once.
const LEASE: usize = 16;
/// A worker that died gives its mails back after this time.
const LEASE_MS: u64 = limits::MINUTE_MS;
/// First wait after a failure; doubles with each try.
const BACKOFF_MS: u64 = 5 * limits::SECOND_MS;
/// Accounts freed in one go.
const EXPIRE: usize = 100;
/// Purge steps in one round, so that mails never wait for long.
const PURGE_STEPS: usize = 50;

/// Does what is due, then waits for a hint or for the next poll. Never returns.
pub async fn run_forever(app: SharedApp) {
    loop {
        if let Err(refused) = run_due(&app).await {
            tracing::warn!(code = %refused.code, "work that was due was not done; it comes again");
        }
        let hint = app.job_hint.notified();
        let _poll = tokio::time::timeout(POLL, hint).await;
    }
}

/// Everything that is due now, once, after a round that is under way. Each part runs even when
/// another one fails.
pub async fn run_due(app: &App) -> Served<()> {
    let _round = app.job_round.lock().await;
    let parts = [
        mails(app).await,
        run_due_waits(app).await,
        finish_sagas(app).await,
        expire_accounts(app).await,
        rotate_keys(app),
        purge(app).await,
    ];
    parts.into_iter().collect()
}

async fn mails(app: &App) -> Served<()> {
    loop {
        let now = app.now_ms();
        let jobs = app
            .store
            .job_lease(MAIL, LEASE, now, now + LEASE_MS)
            .await?;
        if jobs.is_empty() {
            return Ok(());
        }
        for job in jobs {
            match run_mail(app, &job).await {
                Ok(()) => app.store.job_done(job.id).await?,
                Err(_) => {
                    let wait = BACKOFF_MS << job.tries.min(10);
                    app.store.job_fail(job.id, now + wait).await?;
                }
            }
        }
    }
}

/// Accounts whose address was never verified end after a day, with their handle (D5).
async fn expire_accounts(app: &App) -> Served<()> {
    let before = app.now_ms().saturating_sub(limits::UNVERIFIED_ACCOUNT_MS);
    loop {
        let freed = app.store.expire_unverified(before, EXPIRE).await?;
        for user in &freed {
            app.notices
                .send(crate::notice::Notice::AccountSessionsEnded {
                    user: *user,
                    except: None,
                });
        }
        if freed.len() < EXPIRE {
            return Ok(());
        }
    }
}

fn rotate_keys(app: &App) -> Served<()> {
    app.tokens
        .rotate(app.now_ms(), &app.random)
        .map_err(|error| {
            tracing::error!(%error, "the signing keys could not be rotated");
            Refused::new(chatty_protocol::ErrorCode::Internal)
        })
}

async fn purge(app: &App) -> Served<()> {
    for _ in 0..PURGE_STEPS {
        if !purge_step(app).await? {
            break;
        }
    }
    Ok(())
}
