//! A group as shells see it.

use chatty_crypto::conversation as logs;
use chatty_protocol::conversation_log::{self as wire, Status};
use chatty_protocol::{ConvId, UserId};

use crate::api::LocalCode;
use crate::api::group::{Group, Member};
use crate::api::state::{ChatKind, MemberStatus, Role};
use crate::engine::{Context, Fault};
use crate::store::{contact, conversation};

/// The group with its members.
pub fn view(context: &Context, conv: &ConvId) -> Result<Group, Fault> {
    let row = context.read(|db| conversation::get(db, conv))?;
    let row = row.ok_or_else(|| Fault::rule(LocalCode::NoSuchChat, "There is no such chat."))?;
    Ok(Group {
        id: *conv,
        title: row.title,
        members: members(context, conv)?,
    })
}

/// Members and invited people, by id.
pub fn members(context: &Context, conv: &ConvId) -> Result<Vec<Member>, Fault> {
    context.look(|work| {
        let state = logs::state_or_fail(&work.crypto, conv)?;
        let mut members = Vec::new();
        for (user, member) in &state.members {
            members.push(Member {
                user: *user,
                status: match member.status {
                    Status::Invited => MemberStatus::Invited,
                    Status::Member => MemberStatus::Member,
                },
                role: match member.role {
                    wire::Role::Member => Role::Member,
                    wire::Role::Admin => Role::Admin,
                },
                ..named(work, user)?
            });
        }
        Ok(members)
    })
}

fn named(work: &crate::engine::Work<'_>, user: &UserId) -> Result<Member, Fault> {
    let known = contact::get(work.db, user)?;
    let own = crate::store::account::get(work.db)?.filter(|own| own.user == *user);
    let (handle, name) = known.map_or((None, None), |row| (row.handle, row.name));
    Ok(Member {
        user: *user,
        handle: own.map(|own| own.handle).or(handle),
        name,
        status: MemberStatus::Member,
        role: Role::Member,
    })
}

/// Fails unless the conversation is a group.
pub fn require(context: &Context, conv: &ConvId) -> Result<(), Fault> {
    let row = context.read(|db| conversation::get(db, conv))?;
    match row {
        None => Err(Fault::rule(LocalCode::NoSuchChat, "There is no such chat.")),
        Some(row) if row.kind == ChatKind::Group => Ok(()),
        Some(_) => Err(Fault::rule(LocalCode::Invalid, "That is not a group.")),
    }
}
