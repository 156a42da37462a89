//! People by what somebody types, and the one direct conversation with each.

use chatty_crypto::conversation as logs;
use chatty_crypto::trust;
use chatty_protocol::{ConvId, ErrorCode, UserId};

use super::link;
use crate::account::{self, bare_handle};
use crate::api::{ApiError, LocalCode};
use crate::engine::{Context, Fault};
use crate::store::{contact, conversation};
use crate::sync::{catch_up, people, session};

/// The person behind `@handle`, a user id or an invite link. The handle is looked up anew where there is a
/// connection, because it may have moved; offline the stored one counts.
pub async fn person(context: &Context, typed: &str) -> Result<UserId, Fault> {
    if let Ok(user) = typed.trim().parse::<UserId>() {
        let known = context
            .look(|work| Ok(chatty_crypto::device_log::get(&work.crypto, &user)?.is_some()))?;
        if !known {
            people::fetch(context, &user).await.map_err(no_such)?;
        }
        return Ok(user);
    }
    if link::is_link(typed) {
        return link::user(context, typed).await;
    }
    let handle = bare_handle(typed);
    let own = account::current(context)?;
    if own.handle == handle {
        return Ok(own.user);
    }
    let found = match session::with(context, async |rest| rest.by_handle(&handle).await).await {
        Ok(found) => found,
        Err(fault) if fault.is_absence() => {
            return stored(context, &handle)?.ok_or(fault);
        }
        Err(fault) => return Err(no_such(fault)),
    };
    people::fetch(context, &found.user).await?;
    agree(context, &handle, &found.user)?;
    Ok(found.user)
}

fn stored(context: &Context, handle: &str) -> Result<Option<UserId>, Fault> {
    let rows = context.read(|db| contact::with_handle(db, handle))?;
    Ok(match rows.as_slice() {
        [only] => Some(only.user),
        _ => None,
    })
}

fn no_such(fault: Fault) -> Fault {
    match fault.code() {
        Some(ErrorCode::NotFound | ErrorCode::BlockedOrUnknown) => Fault::Rule(Box::new(
            ApiError::new(LocalCode::NoSuchPerson, "There is nobody of that name.")
                .hint("Handles are matched exactly: check the spelling."),
        )),
        _ => fault,
    }
}

/// A relay's claim about a handle counts only with an entry of that account that says the same.
fn agree(context: &Context, handle: &str, user: &UserId) -> Result<(), Fault> {
    let own = account::current(context)?;
    context.input(|work| {
        let log = chatty_crypto::device_log::get_or_fail(&work.crypto, user)?;
        if log.handle.as_ref() != Some(&(handle.to_owned(), own.relay.clone())) {
            return Err(Fault::rule(
                LocalCode::NoSuchPerson,
                "The account that the server names does not say that it has this handle.",
            ));
        }
        if let Some(before) = trust::handle_found(&mut work.crypto, handle, user)? {
            super::contact::tell(work, &before)?;
        }
        trust::pin(&mut work.crypto, user)?;
        super::contact::known(work, user)?;
        super::contact::tell(work, user)
    })
}

/// The direct conversation with a person (oneself: notes), made if there is none. Two people who
/// open it at the same time meet in one: the slower one finds it at the relay and joins.
pub async fn direct(context: &Context, peer: &UserId) -> Result<ConvId, Fault> {
    let own = account::current(context)?;
    let conv = ConvId::of_direct(&own.user, peer, &own.relay);
    if context.read(|db| conversation::get(db, &conv))?.is_some() {
        return Ok(conv);
    }
    let entry = context.input(|work| Ok(logs::create_direct(&mut work.crypto, peer)?))?;
    crate::kill_point!("conversation.before-create");
    let posted = session::with(context, async |rest| {
        rest.create_conversation(entry.bytes.clone()).await
    })
    .await;
    match posted {
        Ok(created) if created.conv == conv => {
            super::create::placed(context, &conv, entry.bytes, created.seq).await?;
        }
        Ok(_) => return Err(Fault::BadRelay("another conversation was created")),
        Err(fault) if fault.is(ErrorCode::Conflict) => {
            catch_up::conversation(context, &conv).await?;
        }
        Err(fault) => return Err(no_such(fault)),
    }
    Ok(conv)
}
