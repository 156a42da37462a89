//! Everybody this device knows.

use chatty_protocol::UserId;

use crate::account;
use crate::api::person::Person;
use crate::engine::{Context, Fault};
use crate::store::contact::{self, ContactRow};
use crate::store::{Db, StoreError, conversation};

/// People met in chats, groups and requests, by name; works offline.
pub fn list(context: &Context) -> Result<Vec<Person>, Fault> {
    let own = account::current(context)?;
    let mut people = context.read(|db| {
        let rows = contact::everybody(db)?;
        let others = rows.into_iter().filter(|row| row.user != own.user);
        others.map(|row| of(db, row)).collect::<Result<Vec<_>, _>>()
    })?;
    people.sort_by_cached_key(|person| {
        let shown = person.name.as_ref().or(person.handle.as_ref());
        (shown.is_none(), shown.map(|name| name.to_lowercase()))
    });
    Ok(people)
}

/// One of them.
pub fn view(context: &Context, user: &UserId) -> Result<Person, Fault> {
    let now = context.platform.now_ms();
    context.read(|db| {
        let row = contact::get(db, user)?;
        of(db, row.unwrap_or_else(|| ContactRow::new(*user, now)))
    })
}

fn of(db: &dyn Db, row: ContactRow) -> Result<Person, StoreError> {
    let chat = conversation::direct_with(db, &row.user)?.filter(|chat| !chat.hidden);
    Ok(Person {
        blocked: contact::is_blocked(db, &row.user)?,
        chat: chat.map(|chat| chat.conv),
        user: row.user,
        handle: row.handle,
        name: row.name,
        state: row.state,
    })
}
