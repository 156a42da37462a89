//! `login` and `logout`: this home as one more device of an account.

use std::time::{Duration, Instant};

use crate::api::{
    AccountLogIn, AccountLogOut, AccountWhoAmI, ApiError, ApprovalStep, DeviceApprovals,
    DeviceState, Event, SyncFlush, SyncWait, WhoAmI,
};

use super::devices::decide;
use super::whoami;
use crate::args::Args;
use crate::exit::Exit;
use crate::home;
use crate::input::Secrets;
use crate::output::Output;
use crate::visit::Visit;

/// Logs in; with `wait` stays for the approval.
pub async fn run(
    args: &Args,
    output: &Output,
    visit: &Visit<'_>,
    handle: &str,
    wait: Option<u64>,
    yes: bool,
) -> Result<Exit, ApiError> {
    let mut who = match waiting(visit, handle).await {
        Some(who) => who,
        None => log_in(args, visit, handle).await?,
    };
    let Some(wait) = wait else {
        output.row(&who, whoami::text);
        return Ok(Exit::Done);
    };
    output.say(&format!(
        "Waiting for approval. On a device of yours: chatty devices approve {}",
        who.device
    ));
    if who.device_state == DeviceState::Waiting {
        who = stay(output, visit, Duration::from_secs(wait), yes).await?;
        if who.device_state == DeviceState::Approved {
            settle_in(visit).await;
        }
    }
    output.row(&who, whoami::text);
    Ok(if who.device_state == DeviceState::Waiting {
        Exit::Waiting
    } else {
        Exit::Done
    })
}

/// A home that logged in before and still waits goes on waiting, as the same device.
async fn waiting(visit: &Visit<'_>, handle: &str) -> Option<WhoAmI> {
    let who = visit.handle.call(AccountWhoAmI {}).await.ok()?;
    let same = who.handle == handle.trim_start_matches('@').to_ascii_lowercase();
    (same && who.device_state == DeviceState::Waiting).then_some(who)
}

async fn log_in(args: &Args, visit: &Visit<'_>, handle: &str) -> Result<WhoAmI, ApiError> {
    let call = AccountLogIn {
        relay: home::relay(args)?,
        login: handle.trim_start_matches('@').to_owned(),
        password: Secrets::default().next("Password", "CHATTY_PASSWORD")?,
        device_name: None,
    };
    visit.handle.call(call).await
}

/// Publishes the new device's keys and says hello to the other devices, so that they can send it
/// what it needs. What does not work now is done by the next command.
async fn settle_in(visit: &Visit<'_>) {
    let timeout_ms = visit.timeout_ms();
    if visit.handle.call(SyncWait { timeout_ms }).await.is_ok() {
        let _waiting = visit.handle.call(SyncFlush { timeout_ms }).await;
    }
}

/// Takes part in the approval until it is done or the time is over.
async fn stay(
    output: &Output,
    visit: &Visit<'_>,
    wait: Duration,
    yes: bool,
) -> Result<WhoAmI, ApiError> {
    let deadline = Instant::now() + wait;
    let events = visit.handle.listen().await?;
    loop {
        // An approval may have moved on before the listener was there.
        for approval in visit.handle.call(DeviceApprovals {}).await? {
            if approval.step == ApprovalStep::Compare {
                let left = deadline.saturating_duration_since(Instant::now());
                let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
                decide(output, visit, approval, yes, left).await?;
            }
        }
        let who = visit.handle.call(AccountWhoAmI {}).await?;
        if who.device_state != DeviceState::Waiting {
            return Ok(who);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        let concerns = async {
            while let Ok(event) = events.recv().await {
                if matches!(
                    event,
                    Event::ApprovalChanged { .. } | Event::AccountChanged { .. }
                ) {
                    return;
                }
            }
        };
        if tokio::time::timeout(left, concerns).await.is_err() {
            return visit.handle.call(AccountWhoAmI {}).await;
        }
    }
}

/// Signs this device out.
pub async fn log_out(output: &Output, visit: &Visit<'_>) -> Result<Exit, ApiError> {
    visit.handle.call(AccountLogOut {}).await?;
    output.say("Signed out.");
    Ok(Exit::Done)
}
