//! Removing somebody from a group.

use chatty_crypto::conversation as logs;
use chatty_crypto::megolm;
use chatty_protocol::conversation_log::ConvOp;

use super::{group, open, post};
use crate::api::LocalCode;
use crate::api::group::{Group, GroupRemove};
use crate::engine::{Context, Fault};

/// Removes a member or an invited person; the cut says which of their messages still count.
pub async fn remove(context: &Context, params: GroupRemove) -> Result<Group, Fault> {
    group::require(context, &params.chat)?;
    let user = open::person(context, &params.person).await?;
    let conv = params.chat;
    let mut seen = false;
    let posted = post::entry(context, &conv, |work| {
        let state = logs::state_or_fail(&work.crypto, &conv)?;
        if state.member(&user).is_none() {
            return match seen {
                // Somebody else was faster.
                true => Ok(None),
                false => Err(Fault::rule(
                    LocalCode::NoSuchPerson,
                    "This person is not in the group.",
                )),
            };
        }
        seen = true;
        let cuts = megolm::cuts_for(&work.crypto, &conv, &user)?;
        let op = ConvOp::Remove { user, cuts };
        Ok(Some(logs::entry(&mut work.crypto, &conv, op)?))
    })
    .await;
    if let Err(fault) = posted {
        // Signed and refused: the person gets keys again.
        context.input(|work| Ok(logs::abandon(&mut work.crypto, &conv, &user)?))?;
        return Err(fault);
    }
    group::view(context, &conv)
}
