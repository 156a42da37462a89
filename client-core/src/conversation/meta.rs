//! The title: encrypted for the members, opaque to the relay.

use chatty_crypto::content::meta::MetaContent;
use chatty_crypto::conversation as logs;
use chatty_crypto::megolm;
use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::{ConvId, UserId, limits};

use super::{group, invite, post};
use crate::api::group::GroupRename;
use crate::api::{Done, LocalCode};
use crate::engine::{Context, Fault};

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

/// Posts the entry, then gives everybody a new key if there is one.
pub async fn rename(context: &Context, conv: &ConvId, title: String) -> Result<(), Fault> {
    let mut fresh = false;
    post::entry(context, conv, |work| {
        let state = logs::state_or_fail(&work.crypto, conv)?;
        let mut content = MetaContent::titled(title.clone());
        if let Some((seq, meta)) = &state.meta
            && let Some(before) = megolm::open_meta(&work.crypto, conv, *seq, meta)?
        {
            (content.about, content.avatar) = (before.about, before.avatar);
        }
        let seq = state.head.seq + 1;
        let (meta, new_key) = megolm::seal_meta(&mut work.crypto, conv, seq, &content)?;
        fresh = new_key;
        Ok(Some(logs::entry(
            &mut work.crypto,
            conv,
            ConvOp::SetMeta(meta),
        )?))
    })
    .await?;
    if fresh {
        context.input(|work| {
            let state = logs::state_or_fail(&work.crypto, conv)?;
            let users: Vec<UserId> = state.entitled().copied().collect();
            invite::title_key(work, conv, &users)
        })?;
    }
    Ok(())
}
