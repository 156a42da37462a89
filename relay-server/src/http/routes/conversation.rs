//! Conversations, requests, blocks, to-device.

use axum::routing::{delete, get, post, put};
use chatty_protocol::ErrorCode as C;
use chatty_protocol::rest::{
    AppendConvEntry, Blocks, ConversationCreated, ConversationLog, Conversations,
    CreateConversation, EntryAppended, Marks, Rows, ToDevicePage,
};
use utoipa::openapi::path::HttpMethod::{Delete, Get, Post, Put};

use crate::http::conversations::{blocks, create, list, log, marks, requests, rows, to_device};
use crate::http::route::Access::Verified;
use crate::http::route::{Route, route};

/// What an entry may be refused with.
const ENTRY: &[C] = &[
    C::Conflict,
    C::StaleSeq,
    C::NotMember,
    C::NotAllowed,
    C::InvalidSignature,
    C::NeedsUpdate,
    C::Quota,
    C::GroupLimit,
    C::BlockedOrUnknown,
    C::NotFound,
];

/// Membership.
pub(super) fn logs() -> Vec<Route> {
    vec![
        route(
            Post,
            "/conversations",
            Verified,
            post(create::create),
            "Create a conversation",
        )
        .takes::<CreateConversation>()
        .gives::<ConversationCreated>(200)
        .refuses(ENTRY),
        route(
            Get,
            "/conversations",
            Verified,
            get(list::list),
            "The own conversations",
        )
        .query(&["cursor"])
        .gives::<Conversations>(200),
        route(
            Get,
            "/conversations/{conv}/log",
            Verified,
            get(log::read),
            "The membership log",
        )
        .query(&["from", "limit"])
        .gives::<ConversationLog>(200),
        route(
            Post,
            "/conversations/{conv}/log",
            Verified,
            post(log::append),
            "Append an entry",
        )
        .takes::<AppendConvEntry>()
        .gives::<EntryAppended>(200)
        .refuses(ENTRY),
    ]
}

/// Rows, marks, items.
pub(super) fn streams() -> Vec<Route> {
    vec![
        route(
            Get,
            "/conversations/{conv}/rows",
            Verified,
            get(rows::read),
            "Rows of the stream",
        )
        .query(&["before", "after", "limit"])
        .gives::<Rows>(200),
        route(
            Get,
            "/conversations/{conv}/marks",
            Verified,
            get(marks::read),
            "Marks",
        )
        .query(&["since"])
        .gives::<Marks>(200),
        route(
            Get,
            "/to-device",
            Verified,
            get(to_device::read),
            "Items that wait",
        )
        .query(&["limit"])
        .gives::<ToDevicePage>(200),
    ]
}

/// Requests and blocks.
pub(super) fn strangers() -> Vec<Route> {
    vec![
        route(
            Delete,
            "/requests/{conv}",
            Verified,
            delete(requests::hide),
            "Hide a request",
        )
        .done(),
        route(
            Get,
            "/blocks",
            Verified,
            get(blocks::list),
            "Who is blocked",
        )
        .gives::<Blocks>(200),
        route(
            Put,
            "/blocks/{user}",
            Verified,
            put(blocks::block),
            "Block somebody",
        )
        .done()
        .refuses(&[C::Malformed]),
        route(
            Delete,
            "/blocks/{user}",
            Verified,
            delete(blocks::unblock),
            "End a block",
        )
        .done(),
    ]
}
