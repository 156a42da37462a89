//! A new group, and what both kinds of new conversations have in common.

use chatty_crypto::conversation::{self as logs, LogRow};
use chatty_protocol::conversation_log::Policy;
use chatty_protocol::{ConvId, limits};

use crate::api::LocalCode;
use crate::api::group::{Group, GroupCreate};
use crate::engine::{Context, Fault};
use crate::store::conversation;
use crate::sync::{catch_up, session};

/// The relay took a create entry: it counts here too.
pub async fn placed(
    context: &Context,
    conv: &ConvId,
    bytes: Vec<u8>,
    seq: u64,
) -> Result<(), Fault> {
    crate::kill_point!("conversation.after-create");
    let entry = LogRow {
        bytes,
        stream_seq: Some(seq),
    };
    catch_up::entries_with_logs(context, conv, std::slice::from_ref(&entry)).await?;
    context.input(|work| {
        conversation::update(work.db, conv, |row| {
            row.stream_head = row.stream_head.max(seq)
        })?;
        Ok(())
    })
}

/// Makes a group: create, title, invites, each an entry of its own.
pub async fn group(context: &Context, params: GroupCreate) -> Result<Group, Fault> {
    let title = super::meta::checked_title(&params.title)?;
    if params.people.len() >= limits::GROUP_SIZE {
        return Err(Fault::rule(
            LocalCode::Invalid,
            "Too many people for one group.",
        ));
    }
    let mut users = Vec::new();
    for typed in &params.people {
        let user = super::open::person(context, typed).await?;
        if !users.contains(&user) {
            users.push(user);
        }
    }
    let own = crate::account::current(context)?.user;
    users.retain(|user| *user != own);
    let entry = context.input(|work| {
        let entry = logs::create_group(&mut work.crypto, Policy::default())?;
        super::meta::promise(work, &entry.conv, &title)?;
        Ok(entry)
    })?;
    let conv = entry.conv;
    crate::kill_point!("conversation.promised");
    let created = session::with(context, async |rest| {
        rest.create_conversation(entry.bytes.clone()).await
    })
    .await;
    let created = match created {
        // An answer that did not come says nothing: the group may be there.
        Err(fault) if !fault.is_passing() => {
            super::meta::forget(context, &conv)?;
            return Err(fault);
        }
        created => created?,
    };
    if created.conv != conv {
        return Err(Fault::BadRelay("another conversation was created"));
    }
    placed(context, &conv, entry.bytes, created.seq).await?;
    super::meta::keep(context, &conv).await?;
    super::invite::users(context, &conv, users).await?;
    super::group::view(context, &conv)
}
