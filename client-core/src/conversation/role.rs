//! What a member may do.

use chatty_crypto::conversation as logs;
use chatty_protocol::conversation_log::{self as wire, ConvOp};

use super::{group, open, post};
use crate::api::group::{Group, GroupSetRole};
use crate::api::state::Role;
use crate::engine::{Context, Fault};

/// Makes a member admin, or an admin member.
pub async fn set(context: &Context, params: GroupSetRole) -> Result<Group, Fault> {
    group::require(context, &params.chat)?;
    let user = open::person(context, &params.person).await?;
    let role = match params.role {
        Role::Member => wire::Role::Member,
        Role::Admin => wire::Role::Admin,
    };
    post::entry(context, &params.chat, |work| {
        let op = ConvOp::SetRole { user, role };
        Ok(Some(logs::entry(&mut work.crypto, &params.chat, op)?))
    })
    .await?;
    group::view(context, &params.chat)
}
