//! The user saw that a person's account changed and goes on.

use chatty_crypto::trust;

use super::{contact, person};
use crate::api::LocalCode;
use crate::api::person::{Person, PersonAcknowledge};
use crate::engine::{Context, Fault};
use crate::store::{contact as stored, conversation};

/// Somebody verified is verified no more; without a change nothing happens.
pub fn acknowledge(context: &Context, params: &PersonAcknowledge) -> Result<Person, Fault> {
    crate::account::current(context)?;
    let user = params.user;
    context.input(|work| {
        if stored::get(work.db, &user)?.is_none() {
            return Err(Fault::rule(
                LocalCode::NoSuchPerson,
                "Nobody of that id is known here.",
            ));
        }
        if !trust::may_send(&work.crypto, &user)? {
            trust::demote(&mut work.crypto, &user)?;
        }
        contact::tell(work, &user)?;
        if let Some(chat) = conversation::direct_with(work.db, &user)? {
            work.chat_changed(&chat.conv);
        }
        // What waited for this goes on.
        work.outbox_changed();
        Ok(())
    })?;
    person::view(context, &user)
}
