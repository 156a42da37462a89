//! Signing out: the device revokes itself where it can, the session ends, and nothing usable stays
//! in the home.

use chatty_crypto::identity::{self, Standing};
use chatty_protocol::ErrorCode;
use chatty_protocol::device_log::{DeviceOp, RevokeReason};

use crate::api::{Done, Event};
use crate::engine::{Context, Fault};
use crate::store::account;
use crate::sync::{people, session};

/// Signs out. Without a relay nothing happens: the device would stay in the account.
pub async fn log_out(context: &Context) -> Result<Done, Fault> {
    let own = super::current(context)?;
    let live = context.look(|work| {
        let standing = identity::standing(&work.crypto)?;
        Ok(matches!(standing, Standing::Live(_)))
    })?;
    let signed_in = context.read(|db| account::session(db))?;
    if let Some(stored) = signed_in {
        if live {
            let op = DeviceOp::Revoke {
                device: own.device,
                reason: RevokeReason::SignedOut,
            };
            tolerate(people::append_own(context, op).await)?;
        }
        let ended = session::with(context, async |rest| rest.log_out(&stored.sid).await).await;
        tolerate(ended.map(|_| ()))?;
    }
    forget(context)
}

/// A session or device that the relay has ended already is as good as signed out.
fn tolerate(done: Result<(), Fault>) -> Result<(), Fault> {
    match done {
        Err(fault) if fault.is_passing() || fault.is_local() => Err(fault),
        Err(fault) if fault.is(ErrorCode::NotAllowed) => Err(fault),
        _ => Ok(()),
    }
}

/// Empties the home.
pub fn forget(context: &Context) -> Result<Done, Fault> {
    crate::kill_point!("log-out.before-forget");
    context.input(|work| {
        account::erase_home(work.db)?;
        work.tell(Event::AccountChanged { who: None });
        Ok(())
    })?;
    context.link.borrow_mut().down();
    context.hurry.ring();
    Ok(Done {})
}
