//! The title: encrypted for the members, opaque to the relay.

use chatty_crypto::content::meta::MetaContent;
use chatty_crypto::conversation::{self as logs, NewEntry};
use chatty_crypto::megolm;
use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::{ConvId, UserId, limits};

use super::{group, invite, post};
use crate::api::group::GroupRename;
use crate::api::{Done, LocalCode};
use crate::engine::{Context, Fault, Work};
use crate::store::{account, meta};

/// A title within the limit.
pub fn checked_title(title: &str) -> Result<String, Fault> {
    let title = title.trim();
    if title.is_empty() || title.len() > limits::TITLE_BYTES {
        return Err(Fault::rule(
            LocalCode::Invalid,
            "A title has 1 to 128 bytes.",
        ));
    }
    Ok(title.to_owned())
}

/// Changes the title.
pub async fn set(context: &Context, params: GroupRename) -> Result<Done, Fault> {
    group::require(context, &params.chat)?;
    rename(context, &params.chat, checked_title(&params.title)?).await?;
    Ok(Done {})
}

/// Begins the names of titles that were promised: those of own groups whose logs have none yet.
const PROMISED: &str = "title/";

fn promise_of(conv: &ConvId) -> String {
    format!("{PROMISED}{conv}")
}

/// Notes the title of a group before anything of it leaves: whenever this program dies, the title
/// still comes.
pub fn promise(work: &mut Work<'_>, conv: &ConvId, title: &str) -> Result<(), Fault> {
    let title = Some(title.as_bytes());
    Ok(meta::set_blob(work.db, &promise_of(conv), title)?)
}

/// There is no such group.
pub fn forget(context: &Context, conv: &ConvId) -> Result<(), Fault> {
    context.input(|work| Ok(meta::set_blob(work.db, &promise_of(conv), None)?))
}

/// Gives the group its promised title, unless it has one.
pub async fn keep(context: &Context, conv: &ConvId) -> Result<(), Fault> {
    let promised = context.read(|db| meta::blob(db, &promise_of(conv)))?;
    let Some(title) = promised.and_then(|bytes| String::from_utf8(bytes).ok()) else {
        return Ok(());
    };
    post::entry(context, conv, |work| {
        let state = logs::state_or_fail(&work.crypto, conv)?;
        // Somebody who has left gives no title any more.
        let own = account::get(work.db)?.map(|own| own.user);
        let is_here = own.is_some_and(|own| state.member(&own).is_some());
        match state.meta.is_none() && is_here {
            true => Ok(Some(titled(work, conv, &title)?.0)),
            false => Ok(None),
        }
    })
    .await?;
    context.input(|work| {
        tell_key(work, conv)?;
        Ok(meta::set_blob(work.db, &promise_of(conv), None)?)
    })
}

/// All of that, once per connection.
pub async fn keep_all(context: &Context) -> Result<(), Fault> {
    for name in context.read(|db| meta::names(db, PROMISED))? {
        let Some(conv) = name.strip_prefix(PROMISED).and_then(|id| id.parse().ok()) else {
            continue;
        };
        // A group that the relay may have taken is known once the list of groups came.
        if context.look(|work| Ok(logs::state(&work.crypto, &conv)?.is_some()))? {
            match keep(context, &conv).await {
                Err(fault) if fault.is_passing() || fault.is_local() => return Err(fault),
                Err(fault) => tracing::warn!(%fault, "a promised title"),
                Ok(()) => {}
            }
        }
    }
    Ok(())
}

/// Posts the entry, then gives everybody a new key if there is one.
pub async fn rename(context: &Context, conv: &ConvId, title: String) -> Result<(), Fault> {
    let mut fresh = false;
    post::entry(context, conv, |work| {
        let (entry, new_key) = titled(work, conv, &title)?;
        fresh = new_key;
        Ok(Some(entry))
    })
    .await?;
    if fresh {
        context.input(|work| tell_key(work, conv))?;
    }
    Ok(())
}

/// The next entry with this title, and whether its key is new. Everything else stays as it is.
fn titled(work: &mut Work<'_>, conv: &ConvId, title: &str) -> Result<(NewEntry, bool), Fault> {
    let state = logs::state_or_fail(&work.crypto, conv)?;
    let mut content = MetaContent::titled(title.to_owned());
    if let Some((seq, meta)) = &state.meta
        && let Some(before) = megolm::open_meta(&work.crypto, conv, *seq, meta)?
    {
        (content.about, content.avatar) = (before.about, before.avatar);
    }
    let seq = state.head.seq + 1;
    let (meta, new_key) = megolm::seal_meta(&mut work.crypto, conv, seq, &content)?;
    let entry = logs::entry(&mut work.crypto, conv, ConvOp::SetMeta(meta))?;
    Ok((entry, new_key))
}

fn tell_key(work: &mut Work<'_>, conv: &ConvId) -> Result<(), Fault> {
    let state = logs::state_or_fail(&work.crypto, conv)?;
    let users: Vec<UserId> = state.entitled().copied().collect();
    invite::title_key(work, conv, &users)
}
