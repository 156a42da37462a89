//! The connection to the relay: one socket, catching up by REST, backoff.

pub mod backoff;
pub mod catch_up;
mod connection;
mod errands;
mod frames;
pub mod gaps;
pub mod gate;
pub mod guard;
mod incarnation;
pub mod link;
pub mod mark;
pub mod people;
pub mod presence;
pub mod rest;
pub mod retry;
pub mod row;
pub mod session;
pub mod socket;
mod statement;
pub mod status;
mod tidy;
pub mod to_device;
mod typing;

use std::rc::Rc;

use chatty_protocol::ErrorCode;

use crate::api::LocalCode;
use crate::api::state::{DeviceState, LinkState};
use crate::engine::{Context, Fault};
use crate::platform::NetError;
use crate::store::account;

pub use link::Link;

/// Keeps a connection for as long as the engine runs and this home is signed in.
pub async fn run(context: Rc<Context>) {
    if context.options.offline {
        return;
    }
    let mut backoff = backoff::Backoff::default();
    loop {
        let seen = context.hurry.seen();
        let wanted = wanted(&context);
        let wait = match wanted {
            Ok(Wanted::Connect) => {
                status::set(&context, LinkState::Connecting);
                let end = connection::run(&context, &mut backoff).await;
                typing::over(&context);
                presence::over(&context);
                context.link.borrow_mut().down();
                after(&context, end, &mut backoff)
            }
            Ok(Wanted::Nothing) => {
                status::set(&context, LinkState::SignedOut);
                None
            }
            Ok(Wanted::Approval) => {
                let end = crate::device::waiting::run(&context).await;
                after(&context, end, &mut backoff)
            }
            Err(fault) => after(&context, fault, &mut backoff),
        };
        context.rung_or(&context.hurry, seen, wait).await;
    }
}

/// What this home's account allows.
enum Wanted {
    Connect,
    Approval,
    Nothing,
}

fn wanted(context: &Context) -> Result<Wanted, Fault> {
    let (account, session) = context.read(|db| Ok((account::get(db)?, account::session(db)?)))?;
    Ok(match (account, session) {
        (Some(account), Some(_)) => match account.device_state {
            DeviceState::Approved | DeviceState::Unconfirmed => Wanted::Connect,
            DeviceState::Waiting => Wanted::Approval,
            DeviceState::Expired | DeviceState::Revoked => Wanted::Nothing,
        },
        _ => Wanted::Nothing,
    })
}

/// What a connection's end means for the next one: the wait in ms, or none = until called.
fn after(context: &Context, end: Fault, backoff: &mut backoff::Backoff) -> Option<u64> {
    let (state, wait) = match &end {
        Fault::Network(NetError::Offline) => {
            (LinkState::NoInternet, Some(backoff.next_ms(context.dice())))
        }
        Fault::Rule(error) if error.is(LocalCode::NotSignedIn) => (LinkState::SignedOut, None),
        // As with a refused refresh: the session is over. Only the signed log retires a device,
        // never the relay's word, so its standing stays what the log says.
        Fault::Refused(body) if body.code == ErrorCode::DeviceRevoked => {
            if let Err(fault) = context.signed_out() {
                tracing::warn!(%fault, "the session's end was not kept");
            }
            (LinkState::SignedOut, None)
        }
        // The code of the mail is awaited; `verify_email` rings.
        Fault::Refused(body) if body.code == ErrorCode::NotVerified => {
            (LinkState::Connecting, Some(30_000))
        }
        Fault::Refused(body) if body.code == ErrorCode::Draining => {
            (LinkState::Connecting, Some(context.dice() % 1_000))
        }
        Fault::Refused(_) => {
            let asked = backoff::as_asked(end.retry_after_ms().unwrap_or(0));
            let wait = backoff.next_ms(context.dice()).max(asked);
            (LinkState::ServerDown, Some(wait))
        }
        _ => (LinkState::ServerDown, Some(backoff.next_ms(context.dice()))),
    };
    tracing::debug!(fault = %end, ?wait, "connection ended");
    let now = context.platform.now_ms();
    {
        let mut link = context.link.borrow_mut();
        link.retry_at_ms = wait.map(|ms| now.saturating_add(ms));
        // A relay that drains comes back in a moment.
        link.ended = (!end.is(ErrorCode::Draining)).then(|| end.into());
    }
    status::set(context, state);
    // The reason may be new where the state is not.
    context.changed.ring();
    wait
}
