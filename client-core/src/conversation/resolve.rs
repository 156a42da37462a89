//! One conversation by what a person types.

use chatty_protocol::{ConvId, UserId};

use super::{link, open, request};
use crate::api::chat::{Chat, ChatResolve};
use crate::api::{ApiError, LocalCode};
use crate::engine::{Context, Fault};
use crate::store::chat;
use crate::store::conversation::{self, ConversationRow};

/// Shortest prefix of an id.
const PREFIX_CHARS: usize = 8;

/// Its id, a prefix of it, `@handle`, a user id, an invite link, or an exact title.
pub async fn resolve(context: &Context, params: &ChatResolve) -> Result<Chat, Fault> {
    let name = params.name.trim();
    let person = name.starts_with('@') || link::is_link(name) || name.parse::<UserId>().is_ok();
    let conv = match person {
        true => by_person(context, name, params.create).await?,
        false => by_name(context, name)?,
    };
    view(context, &conv)
}

/// A conversation as shells see it.
pub fn view(context: &Context, conv: &ConvId) -> Result<Chat, Fault> {
    let found = context.read(|db| match conversation::get(db, conv)? {
        Some(row) => chat::view(db, &row).map(Some),
        None => Ok(None),
    })?;
    found.ok_or_else(no_such)
}

async fn by_person(context: &Context, name: &str, create: bool) -> Result<ConvId, Fault> {
    let person = open::person(context, name).await?;
    let own = crate::account::current(context)?;
    let conv = ConvId::of_direct(&own.user, &person, &own.relay);
    let known = context.read(|db| conversation::get(db, &conv))?.is_some();
    match (known, create) {
        (true, true) => request::show_again(context, &conv).map(|()| conv),
        (true, false) => Ok(conv),
        (false, true) => open::direct(context, &person).await,
        (false, false) => Err(no_such()),
    }
}

fn by_name(context: &Context, name: &str) -> Result<ConvId, Fault> {
    if let Ok(conv) = name.parse::<ConvId>() {
        return Ok(conv);
    }
    let rows = context.read(|db| conversation::all_newest_first(db))?;
    let titled: Vec<&ConversationRow> = rows
        .iter()
        .filter(|row| !row.hidden && row.title == name)
        .collect();
    let found = match titled.is_empty() && name.len() >= PREFIX_CHARS {
        true => rows
            .iter()
            .filter(|row| row.conv.to_string().starts_with(name))
            .collect(),
        false => titled,
    };
    match found.as_slice() {
        [] => Err(no_such()),
        [only] => Ok(only.conv),
        _ => Err(Fault::Rule(Box::new(
            ApiError::new(
                LocalCode::AmbiguousChat,
                "More than one chat has that name.",
            )
            .hint("Use the id that `chats` shows."),
        ))),
    }
}

fn no_such() -> Fault {
    Fault::Rule(Box::new(
        ApiError::new(LocalCode::NoSuchChat, "There is no chat of that name.")
            .hint("`chats` lists those there are; a message to @handle begins one."),
    ))
}
