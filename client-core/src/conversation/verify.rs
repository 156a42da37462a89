//! Comparing in person who somebody is.

use chatty_crypto::trust;
use chatty_protocol::UserId;

use super::{contact, person};
use crate::api::LocalCode;
use crate::api::person::{Person, PersonSafety, PersonSetVerified, SafetyNumber};
use crate::api::state::ContactState;
use crate::engine::{Context, Fault, Work};
use crate::store::{contact as stored, conversation};

/// The number that both people see, and whether it was compared.
pub fn safety(context: &Context, params: &PersonSafety) -> Result<SafetyNumber, Fault> {
    let own = crate::account::current(context)?;
    context.look(|work| known(work, &params.user))?;
    let person = person::view(context, &params.user)?;
    let verified = matches!(
        person.state,
        ContactState::Verified | ContactState::VerifiedChanged
    );
    Ok(SafetyNumber {
        groups: trust::safety_number(&own.user, &params.user),
        verified,
    })
}

/// The user compared, or takes that back.
pub fn set(context: &Context, params: &PersonSetVerified) -> Result<Person, Fault> {
    crate::account::current(context)?;
    let user = params.user;
    context.input(|work| {
        known(work, &user)?;
        match params.verified {
            true => trust::mark_verified(&mut work.crypto, &user)?,
            false => trust::demote(&mut work.crypto, &user)?,
        }
        told(work, &user)
    })?;
    person::view(context, &user)
}

/// Nobody is compared with whom this device never met.
pub(super) fn known(work: &Work<'_>, user: &UserId) -> Result<(), Fault> {
    match stored::get(work.db, user)? {
        Some(_) => Ok(()),
        None => Err(Fault::rule(
            LocalCode::NoSuchPerson,
            "Nobody of that id is known here.",
        )),
    }
}

/// Trust changed: it is told, and what waited for it goes on.
pub(super) fn told(work: &mut Work<'_>, user: &UserId) -> Result<(), Fault> {
    contact::tell(work, user)?;
    if let Some(chat) = conversation::direct_with(work.db, user)? {
        work.chat_changed(&chat.conv);
    }
    work.outbox_changed();
    Ok(())
}
