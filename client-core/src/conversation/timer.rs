//! The disappearing timer, part of the conversation's policy.

use chatty_crypto::conversation as logs;
use chatty_protocol::conversation_log::{ConvOp, Policy};
use chatty_protocol::limits;

use super::{join, post};
use crate::api::chat::ChatSetTimer;
use crate::api::{Done, LocalCode};
use crate::engine::{Context, Fault};

/// Sets the timer for what is written from now on.
pub async fn set(context: &Context, params: &ChatSetTimer) -> Result<Done, Fault> {
    if params.seconds > limits::EXPIRES_MAX_S {
        return Err(Fault::rule(LocalCode::Invalid, "At most one year."));
    }
    let conv = params.chat;
    if !join::by_writing(context, &conv).await? {
        return Err(Fault::rule(
            LocalCode::ChatClosed,
            "You cannot write there.",
        ));
    }
    post::entry(context, &conv, |work| {
        let state = logs::state_or_fail(&work.crypto, &conv)?;
        if state.policy.timer_s == params.seconds {
            return Ok(None);
        }
        let policy = Policy {
            timer_s: params.seconds,
            ..state.policy
        };
        Ok(Some(logs::entry(
            &mut work.crypto,
            &conv,
            ConvOp::SetPolicy(policy),
        )?))
    })
    .await?;
    Ok(Done {})
}
