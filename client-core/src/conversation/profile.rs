//! Names that people give themselves.

use chatty_crypto::profile;
use chatty_protocol::UserId;

use super::open;
use crate::api::person::{Profile, ProfileGet, ProfileSet};
use crate::api::state::ContactState;
use crate::engine::{Context, Fault};
use crate::message::read::own_others;
use crate::outbox::items;
use crate::store::contact;

/// A person's profile; one's own without a name.
pub async fn get(context: &Context, params: &ProfileGet) -> Result<Profile, Fault> {
    let own = crate::account::current(context)?;
    let user = match &params.person {
        Some(typed) => open::person(context, typed).await?,
        None => own.user,
    };
    view(context, &user)
}

fn view(context: &Context, user: &UserId) -> Result<Profile, Fault> {
    let own = crate::account::current(context)?;
    let known = context.read(|db| contact::get(db, user))?;
    let said = context.look(|work| Ok(profile::get(&work.crypto, user)?))?;
    let name = said.map(|said| said.name).filter(|name| !name.is_empty());
    Ok(match own.user == *user {
        true => Profile {
            user: *user,
            handle: Some(own.handle),
            name,
            state: ContactState::Known,
        },
        false => Profile {
            user: *user,
            handle: known.as_ref().and_then(|row| row.handle.clone()),
            name,
            state: known.map_or(ContactState::New, |row| row.state),
        },
    })
}

/// Sets the own name. Contacts learn it beside the next key, own devices at once.
pub fn set(context: &Context, params: &ProfileSet) -> Result<Profile, Fault> {
    let own = crate::account::current(context)?;
    context.input(|work| {
        profile::set_own(&mut work.crypto, params.name.trim())?;
        for peer in own_others(work)? {
            if let Some(body) = profile::due(&mut work.crypto, &peer)? {
                items::push(work, &peer, &body)?;
            }
        }
        Ok(())
    })?;
    view(context, &own.user)
}
