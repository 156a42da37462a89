//! Presence of others: the relay's word, believed only where this user asked for it. Never stored.

use chatty_protocol::UserId;
use chatty_protocol::frame::ClientFrame;

use crate::api::state::{ChatKind, ChatState};
use crate::conversation::presence::{shared, tell};
use crate::engine::{Context, Fault};
use crate::store::{Db, StoreError, contact, conversation};

/// Tells the relay whether this user shares, now and at every change, until the connection ends.
pub async fn run(context: &Context) -> Fault {
    loop {
        let seen = context.changed.seen();
        if let Err(fault) = say(context).await {
            return fault;
        }
        if let Err(fault) = drop_hidden(context) {
            return fault;
        }
        context.rung_or(&context.changed, seen, None).await;
    }
}

async fn say(context: &Context) -> Result<(), Fault> {
    let share = context.read(|db| shared(db))?;
    let out = {
        let mut link = context.link.borrow_mut();
        if link.shares == share {
            return Ok(());
        }
        link.shares = share;
        link.online.clear();
        link.out.clone()
    };
    if let Some(out) = out {
        out.send(&ClientFrame::Presence { share }).await?;
    }
    tell(context)
}

/// Frame 50.
pub fn take(context: &Context, words: &[(UserId, bool)]) -> Result<(), Fault> {
    let mut changed = false;
    for (user, online) in words {
        if *online && !is_shown(context, user)? {
            continue;
        }
        let mut link = context.link.borrow_mut();
        changed |= match online {
            true => link.online.insert(*user),
            false => link.online.remove(user),
        };
    }
    if changed { tell(context) } else { Ok(()) }
}

/// Whoever is not on the screen any more, or was blocked, is forgotten.
pub fn drop_hidden(context: &Context) -> Result<(), Fault> {
    let online = context.link.borrow().online.clone();
    let mut hidden = Vec::new();
    for user in online {
        if !is_shown(context, &user)? {
            hidden.push((user, false));
        }
    }
    take(context, &hidden)
}

/// The connection ended: who goes away now would not be heard.
pub fn over(context: &Context) {
    let online = std::mem::take(&mut context.link.borrow_mut().online);
    if !online.is_empty()
        && let Err(fault) = tell(context)
    {
        tracing::warn!(%fault, "the end of presence was not told");
    }
}

/// Only for an accepted direct chat on the screen, with a person who is not blocked, and only while
/// this user shares too.
fn is_shown(context: &Context, user: &UserId) -> Result<bool, Fault> {
    let (shares, open) = {
        let link = context.link.borrow();
        (link.shares, link.open.clone())
    };
    context.read(|db| Ok(shares && shared(db)? && is_met(db, user, &open)?))
}

fn is_met(
    db: &dyn Db,
    user: &UserId,
    open: &[chatty_protocol::ConvId],
) -> Result<bool, StoreError> {
    let chat = conversation::direct_with(db, user)?;
    let met = chat.is_some_and(|chat| {
        chat.kind == ChatKind::Direct && chat.state == ChatState::Open && open.contains(&chat.conv)
    });
    Ok(met && !contact::is_blocked(db, user)?)
}
