//! Conversations: opening, joining, leaving, members, requests, blocks.

pub mod acknowledge;
pub mod block;
pub mod contact;
pub mod create;
pub mod flags;
pub mod group;
pub mod info;
pub mod invite;
pub mod join;
pub mod leave;
pub mod link;
pub mod list;
pub mod log;
pub mod meta;
pub mod open;
pub mod person;
pub mod post;
pub mod presence;
pub mod profile;
pub mod receipts;
pub mod remove;
pub mod request;
pub mod resolve;
pub mod role;
pub mod timer;
pub mod verify;

use chatty_protocol::ConvId;

use crate::engine::{Context, Fault};

/// What follows, outside the store, from a conversation that was brought up to date.
pub async fn follow_up(context: &Context, conv: &ConvId) -> Result<(), Fault> {
    join::by_itself(context, conv).await?;
    meta::keep(context, conv).await
}
