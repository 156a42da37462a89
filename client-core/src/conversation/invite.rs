//! Inviting people into a group.

use chatty_crypto::conversation as logs;
use chatty_crypto::device_log;
use chatty_crypto::megolm;
use chatty_crypto::olm::Peer;
use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::{ConvId, UserId, limits};

use super::{group, open, post};
use crate::api::group::{Group, GroupInvite};
use crate::engine::{Context, Fault, Work};
use crate::outbox::items;

/// Invites people by what somebody typed.
pub async fn invite(context: &Context, params: GroupInvite) -> Result<Group, Fault> {
    let mut people = Vec::new();
    for typed in &params.people {
        people.push(open::person(context, typed).await?);
    }
    users(context, &params.chat, people).await?;
    group::view(context, &params.chat)
}

/// Invites these users, those who are in already left out.
pub async fn users(context: &Context, conv: &ConvId, users: Vec<UserId>) -> Result<(), Fault> {
    for some in users.chunks(limits::INVITES_PER_ENTRY) {
        post::entry(context, conv, |work| {
            let state = logs::state_or_fail(&work.crypto, conv)?;
            let mut new: Vec<UserId> = Vec::new();
            for user in some {
                if state.member(user).is_none() && !new.contains(user) {
                    new.push(*user);
                }
            }
            if new.is_empty() {
                return Ok(None);
            }
            let op = ConvOp::Invite { users: new };
            Ok(Some(logs::entry(&mut work.crypto, conv, op)?))
        })
        .await?;
        context.input(|work| title_key(work, conv, some))?;
    }
    Ok(())
}

/// The key of the title, so that an invited person sees what it is about.
pub fn title_key(work: &mut Work<'_>, conv: &ConvId, users: &[UserId]) -> Result<(), Fault> {
    let Some(body) = megolm::meta_key(&work.crypto, conv)? else {
        return Ok(());
    };
    for user in users {
        let Some(log) = device_log::get(&work.crypto, user)? else {
            continue;
        };
        let devices: Vec<Peer> = log
            .live_devices()
            .filter(|(_, record)| !device_log::is_expired(record, work.now_ms()))
            .map(|(device, _)| Peer {
                user: *user,
                device: *device,
            })
            .collect();
        for peer in devices {
            items::push(work, &peer, &body)?;
        }
    }
    Ok(())
}
