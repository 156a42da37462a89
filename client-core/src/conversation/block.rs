//! Blocking: the wish is durable here first and told to the relay as soon as it can be.

use chatty_protocol::UserId;

use super::open;
use crate::api::Done;
use crate::api::person::{Blocked, PersonBlock, PersonUnblock};
use crate::engine::{Context, Fault};
use crate::store::contact::{self, BlockRow};
use crate::sync::session;

/// Blocks a person.
pub async fn block(context: &Context, params: &PersonBlock) -> Result<Done, Fault> {
    let user = open::person(context, &params.person).await?;
    set(context, &user, true).await?;
    Ok(Done {})
}

/// Takes a block back.
pub async fn unblock(context: &Context, params: &PersonUnblock) -> Result<Done, Fault> {
    let user = open::person(context, &params.person).await?;
    set(context, &user, false).await?;
    Ok(Done {})
}

/// Writes the wish down and tells the relay if it can be reached.
pub async fn set(context: &Context, user: &UserId, blocked: bool) -> Result<(), Fault> {
    context.input(|work| {
        let row = BlockRow {
            user: *user,
            blocked,
            told: false,
            at_ms: work.now_ms(),
        };
        Ok(contact::set_block(work.db, &row)?)
    })?;
    match tell_relay(context).await {
        // The next connect tells it.
        Err(Fault::Network(_)) => Ok(()),
        done => done,
    }
}

/// Tells the relay what it does not know yet.
pub async fn tell_relay(context: &Context) -> Result<(), Fault> {
    for row in context.read(|db| contact::blocks_to_tell(db))? {
        session::with(context, async |rest| {
            rest.set_block(&row.user, row.blocked).await
        })
        .await?;
        context.input(|work| {
            Ok(contact::set_block(
                work.db,
                &BlockRow { told: true, ..row },
            )?)
        })?;
    }
    Ok(())
}

/// Everybody who is blocked.
pub fn list(context: &Context) -> Result<Vec<Blocked>, Fault> {
    context.read(|db| {
        let mut blocked = Vec::new();
        for row in contact::blocked(db)? {
            blocked.push(Blocked {
                user: row.user,
                handle: contact::get(db, &row.user)?.and_then(|row| row.handle),
            });
        }
        Ok(blocked)
    })
}
