//! Whether this user shares presence: a setting of the account, off until it is turned on.

use chatty_protocol::codec::{decode_exact, encode};

use crate::api::Event;
use crate::api::presence::{Presence, PresenceSet};
use crate::device::setting;
use crate::engine::{Context, Fault};
use crate::store::{Db, StoreError, setting as rows};

/// Name of the setting.
const NAME: &str = "presence";

/// Whether it is shared.
pub fn shared(db: &dyn Db) -> Result<bool, StoreError> {
    let row = rows::get(db, NAME)?;
    Ok(row.is_some_and(|row| decode_exact(&row.value) == Ok(true)))
}

/// As it is now.
pub fn get(context: &Context) -> Result<Presence, Fault> {
    crate::account::current(context)?;
    view(context)
}

/// Changes it, on all own devices; the connection tells the relay.
pub fn set(context: &Context, params: &PresenceSet) -> Result<Presence, Fault> {
    crate::account::current(context)?;
    context.input(|work| {
        if shared(work.db)? != params.share {
            setting::set(work, NAME, encode(&params.share))?;
        }
        Ok(())
    })?;
    if !params.share {
        // At once, not when the relay has heard of it.
        context.link.borrow_mut().online.clear();
    }
    tell(context)?;
    view(context)
}

/// Tells the shells.
pub fn tell(context: &Context) -> Result<(), Fault> {
    let presence = view(context)?;
    context.events.tell(&Event::PresenceChanged { presence });
    Ok(())
}

fn view(context: &Context) -> Result<Presence, Fault> {
    Ok(Presence {
        share: context.read(|db| shared(db))?,
        online: context.link.borrow().online.iter().copied().collect(),
    })
}
