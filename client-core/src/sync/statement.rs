//! Head statements: this account's own, once a day, and those of verified people, whose device
//! list the relay might freeze (A3).

use chatty_crypto::device_log::{self, Stated};
use chatty_crypto::identity;
use chatty_crypto::trust::{self, Trust};
use chatty_protocol::{ErrorCode, UserId, limits};

use super::session;
use crate::api::Event;
use crate::api::events::AlarmKind;
use crate::engine::{Context, Fault};
use crate::store::{contact, meta};

/// A full device says once a day how long its account's log is.
pub async fn publish(context: &Context) -> Result<(), Fault> {
    let Some(signed) = context.look(|work| Ok(identity::statement(&mut work.crypto)?))? else {
        return Ok(());
    };
    let user = crate::account::current(context)?.user;
    session::with(context, async |rest| {
        rest.put_statement(&user, signed.clone()).await
    })
    .await?;
    // Only a statement that the relay has counts as made today.
    context.input(|work| Ok(identity::statement(&mut work.crypto)?))?;
    Ok(())
}

/// Looks once a day at the statement of each verified person. Without a fresh one the list of
/// their devices may be out of date, and the user is told.
pub async fn compare(context: &Context) -> Result<(), Fault> {
    let now = context.platform.now_ms();
    for user in verified(context)? {
        let name = format!("statement/{user}");
        let last = context.read(|db| meta::number(db, &name))?;
        if last.is_some_and(|last| now < last.saturating_add(limits::DAY_MS)) {
            continue;
        }
        let stated = ask(context, &user).await?;
        context.input(|work| {
            meta::set_number(work.db, &name, now)?;
            match stated {
                Stated::Fresh => {}
                Stated::Ahead => work.look_up(&user),
                Stated::Stale | Stated::Invalid => work.tell(Event::Alarm {
                    kind: AlarmKind::DevicesStale,
                    chat: None,
                    user: Some(user),
                }),
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn verified(context: &Context) -> Result<Vec<UserId>, Fault> {
    context.look(|work| {
        let mut users = Vec::new();
        for row in contact::everybody(work.db)? {
            if trust::state(&work.crypto, &row.user)? == Trust::Verified {
                users.push(row.user);
            }
        }
        Ok(users)
    })
}

/// What the relay shows; none at all is as good as an old one.
async fn ask(context: &Context, user: &UserId) -> Result<Stated, Fault> {
    let given = session::with(context, async |rest| rest.statement(user).await).await;
    match given {
        Ok(given) => context.look(|work| {
            let bytes = &given.statement.0;
            Ok(device_log::check_statement(&work.crypto, user, bytes)?)
        }),
        Err(fault) if fault.is(ErrorCode::NotFound) => Ok(Stated::Stale),
        Err(fault) => Err(fault),
    }
}
