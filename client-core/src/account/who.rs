//! Who this home belongs to.

use chatty_crypto::identity::{self, Standing};
use chatty_protocol::device_log::Class;

use crate::api::Event;
use crate::api::account::WhoAmI;
use crate::api::state::{DeviceClass, DeviceState};
use crate::engine::{Context, Fault, Work};
use crate::store::account::{self, AccountRow};

/// The answer of `account.who_am_i`; needs no relay.
pub fn who_am_i(context: &Context) -> Result<WhoAmI, Fault> {
    let row = super::current(context)?;
    let session = context.read(|db| account::session(db))?;
    if session.is_none() {
        // A sign-up that never reached the relay, or a session that ended: nobody is signed in.
        return Err(super::not_signed_in());
    }
    Ok(view(&row))
}

/// The row as shells see it.
pub fn view(account: &AccountRow) -> WhoAmI {
    WhoAmI {
        user: account.user,
        handle: account.handle.clone(),
        device: account.device,
        class: account.class,
        device_state: account.device_state,
        verified_email: account.verified_email,
    }
}

/// Tells that the account row changed.
pub fn changed(work: &mut Work<'_>) -> Result<(), Fault> {
    let who = account::get(work.db)?.as_ref().map(view);
    work.tell(Event::AccountChanged { who });
    Ok(())
}

/// Takes over what the own device log says of this device. Returns whether anything changed.
pub fn standing_changed(work: &mut Work<'_>) -> Result<bool, Fault> {
    let Some(mut row) = account::get(work.db)? else {
        return Ok(false);
    };
    let before = (row.device_state, row.class);
    row.device_state = match identity::standing(&work.crypto)? {
        Standing::Waiting => DeviceState::Waiting,
        Standing::Live(class) => {
            row.class = match class {
                Class::Limited => DeviceClass::Limited,
                Class::Full | Class::Bot => DeviceClass::Full,
            };
            DeviceState::Approved
        }
        Standing::Expired => DeviceState::Expired,
        Standing::Revoked => DeviceState::Revoked,
    };
    if (row.device_state, row.class) == before {
        return Ok(false);
    }
    account::put(work.db, &row)?;
    changed(work)?;
    Ok(true)
}
