//! What stands in no row of a timeline: messages that are held, and those that never came.

use crate::api::LocalCode;
use crate::api::chat::{ChatInfo, ChatShowInfo, Missing};
use crate::api::state::GapState;
use crate::engine::{Context, Fault};
use crate::store::conversation;
use crate::store::message::sealed;

/// As of the last look: gaps are looked for when this device has caught up.
pub fn info(context: &Context, params: &ChatShowInfo) -> Result<ChatInfo, Fault> {
    crate::account::current(context)?;
    let conv = params.chat;
    let held = context.read(|db| match conversation::get(db, &conv)? {
        Some(_) => sealed::count_waiting_cut(db, &conv).map(Some),
        None => Ok(None),
    })?;
    let gaps = context.gaps.borrow();
    let here = gaps.iter().filter(|((chat, _), _)| *chat == conv);
    let missing = here.map(|((_, user), (count, expired))| Missing {
        user: *user,
        count: *count,
        state: match expired {
            true => GapState::Expired,
            false => GapState::Missing,
        },
    });
    Ok(ChatInfo {
        held: held.ok_or_else(|| Fault::rule(LocalCode::NoSuchChat, "There is no such chat."))?,
        missing: missing.collect(),
    })
}
