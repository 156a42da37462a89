//! People: handle, name, trust, as far as this device knows them.

use chatty_crypto::olm::Peer;
use chatty_crypto::profile::ProfileInfo;
use chatty_crypto::trust::{self, Trust};
use chatty_protocol::UserId;

use crate::api::Event;
use crate::api::state::ContactState;
use crate::engine::{Fault, Work};
use crate::store::contact::{self, ContactRow};
use crate::store::{account, conversation};

/// Makes sure that there is a row for a person.
pub fn known(work: &mut Work<'_>, user: &UserId) -> Result<ContactRow, Fault> {
    if let Some(row) = contact::get(work.db, user)? {
        return Ok(row);
    }
    let row = ContactRow::new(*user, work.now_ms());
    contact::put(work.db, &row)?;
    Ok(row)
}

/// Their device log states a handle; one of another relay is not shown.
pub fn handle(work: &mut Work<'_>, user: &UserId, handle: &str, origin: &str) -> Result<(), Fault> {
    if account::get(work.db)?.is_none_or(|own| own.relay != origin) {
        return Ok(());
    }
    let mut row = known(work, user)?;
    row.handle = Some(handle.to_owned());
    contact::put(work.db, &row)?;
    retitle(work, user)
}

/// They said how they are called.
pub fn profile(work: &mut Work<'_>, from: &Peer, profile: &ProfileInfo) -> Result<(), Fault> {
    let mut row = known(work, &profile.user)?;
    row.name = Some(profile.name.clone()).filter(|name| !name.is_empty());
    row.profile_rev = profile.rev;
    row.profile_device = Some(from.device);
    contact::put(work.db, &row)?;
    retitle(work, &profile.user)
}

fn retitle(work: &mut Work<'_>, user: &UserId) -> Result<(), Fault> {
    let title = title_of(work, user)?;
    if let Some(direct) = conversation::direct_with(work.db, user)? {
        conversation::update(work.db, &direct.conv, |row| row.title = title)?;
        work.chat_changed(&direct.conv);
    }
    Ok(())
}

/// How a person is shown: name, else handle, else the beginning of the id.
pub fn title_of(work: &Work<'_>, user: &UserId) -> Result<String, Fault> {
    let row = contact::get(work.db, user)?;
    let shown = row.and_then(|row| row.name.or(row.handle.map(|handle| format!("@{handle}"))));
    Ok(shown.unwrap_or_else(|| user.to_string().chars().take(12).collect()))
}

/// Takes over how far a person is trusted, and tells a change.
pub fn tell(work: &mut Work<'_>, user: &UserId) -> Result<(), Fault> {
    let mut row = known(work, user)?;
    let state = match trust::state(&work.crypto, user)? {
        Trust::Unknown => ContactState::New,
        Trust::Pinned => ContactState::Known,
        Trust::Verified => ContactState::Verified,
        Trust::PinChanged => ContactState::Changed,
        Trust::Violation => ContactState::VerifiedChanged,
    };
    if row.state == state {
        return Ok(());
    }
    row.state = state;
    contact::put(work.db, &row)?;
    work.tell(Event::PersonChanged { user: *user, state });
    Ok(())
}
