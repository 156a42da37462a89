//! Pinned, archived, muted: a wish of this user, held by all own devices.

use chatty_protocol::ConvId;
use chatty_protocol::codec::encode;

use crate::api::LocalCode;
use crate::api::chat::{Chat, ChatSetFlags};
use crate::device::setting;
use crate::engine::{Context, Fault, Work};
use crate::store::chat::Flag;
use crate::store::conversation;

/// Changes those that are named, each a setting of its own: two devices that change different ones
/// at the same time both get their wish.
pub fn set(context: &Context, params: &ChatSetFlags) -> Result<Chat, Fault> {
    crate::account::current(context)?;
    let conv = params.chat;
    context.input(|work| {
        if conversation::get(work.db, &conv)?.is_none() {
            return Err(Fault::rule(LocalCode::NoSuchChat, "There is no such chat."));
        }
        if let Some(pinned) = params.pinned {
            setting::set(work, &Flag::Pinned.name(&conv), encode(&pinned))?;
        }
        if let Some(archived) = params.archived {
            setting::set(work, &Flag::Archived.name(&conv), encode(&archived))?;
        }
        if let Some(until) = params.muted_until_ms {
            let until = until.min(chatty_protocol::limits::UINT_MAX);
            setting::set(work, &Flag::Muted.name(&conv), encode(&until))?;
        }
        work.chat_changed(&conv);
        Ok(())
    })?;
    super::resolve::view(context, &conv)
}

/// A setting of another own device counts: it may be one of these.
pub fn changed(work: &mut Work<'_>, name: &str) {
    let conv: Option<ConvId> = Flag::ALL
        .iter()
        .find_map(|flag| name.strip_prefix(flag.prefix())?.parse().ok());
    if let Some(conv) = conv {
        work.chat_changed(&conv);
    }
}
