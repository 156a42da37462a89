//! The user saw that a person's account changed and goes on.

use chatty_crypto::trust;

use super::{person, verify};
use crate::api::person::{Person, PersonAcknowledge};
use crate::engine::{Context, Fault};

/// Somebody verified is verified no more; without a change nothing happens.
pub fn acknowledge(context: &Context, params: &PersonAcknowledge) -> Result<Person, Fault> {
    crate::account::current(context)?;
    let user = params.user;
    context.input(|work| {
        verify::known(work, &user)?;
        if !trust::may_send(&work.crypto, &user)? {
            trust::demote(&mut work.crypto, &user)?;
        }
        verify::told(work, &user)
    })?;
    person::view(context, &user)
}
