//! People, devices, links.

use axum::routing::{get, post, put};
use chatty_protocol::ErrorCode as C;
use chatty_protocol::rest::{
    AppendDeviceEntry, DeviceEntryAppended, FoundUser, Frames, HeadsQuery, LinkOpened, Links,
    LogPage, OpenLink, OwnDevices, PutFrame, StatementBody, UserHeads,
};
use utoipa::openapi::path::HttpMethod::{Get, Post, Put};

use crate::http::route::Access::{Device, Session, Verified};
use crate::http::route::{Route, route};
use crate::http::{links, users};

/// Look-ups and the own devices.
pub(super) fn found() -> Vec<Route> {
    vec![
        route(
            Get,
            "/devices",
            Device,
            get(users::devices),
            "The own devices",
        )
        .gives::<OwnDevices>(200),
        route(
            Get,
            "/users/by-handle/{handle}",
            Verified,
            get(users::by_handle),
            "Who has a handle",
        )
        .gives::<FoundUser>(200),
        route(
            Post,
            "/users/heads",
            Verified,
            post(users::heads),
            "Heads of device logs",
        )
        .takes::<HeadsQuery>()
        .gives::<UserHeads>(200),
    ]
}

/// Device logs and head statements.
pub(super) fn logs() -> Vec<Route> {
    vec![
        route(
            Post,
            "/users/me/log",
            Session,
            post(users::append_log),
            "Append to the own log",
        )
        .takes::<AppendDeviceEntry>()
        .gives::<DeviceEntryAppended>(200)
        .refuses(&[
            C::StaleSeq,
            C::NotAllowed,
            C::InvalidSignature,
            C::NeedsUpdate,
        ])
        .refuses(&[
            C::Scope,
            C::DeviceLimit,
            C::DeviceRevoked,
            C::UnknownDevice,
            C::Gone,
        ])
        .refuses(&[C::NotFound]),
        route(
            Get,
            "/users/{user}/log",
            Session,
            get(users::read_log),
            "A device log",
        )
        .query(&["from", "branch", "limit"])
        .gives::<LogPage>(200)
        .refuses(&[C::Scope, C::NotVerified, C::UnknownDevice, C::DeviceRevoked]),
        route(
            Get,
            "/users/{user}/statement",
            Verified,
            get(users::statement),
            "A head statement",
        )
        .gives::<StatementBody>(200),
        route(
            Put,
            "/users/{user}/statement",
            Verified,
            put(users::put_statement),
            "Publish the own head statement",
        )
        .takes::<StatementBody>()
        .done()
        .refuses(&[
            C::NotAllowed,
            C::InvalidSignature,
            C::StaleSeq,
            C::NeedsUpdate,
        ]),
    ]
}

/// The mailbox of a device approval.
pub(super) fn mailboxes() -> Vec<Route> {
    vec![
        route(
            Post,
            "/links",
            Session,
            post(links::open),
            "Open a link mailbox",
        )
        .takes::<OpenLink>()
        .gives::<LinkOpened>(201)
        .refuses(&[C::NotVerified, C::NotAllowed, C::DeviceLimit, C::Conflict])
        .refuses(&[C::NeedsUpdate]),
        route(
            Get,
            "/links",
            Verified,
            get(links::list),
            "Open link mailboxes",
        )
        .gives::<Links>(200),
        route(
            Post,
            "/links/{id}/frames",
            Session,
            post(links::put_frame),
            "Add a frame",
        )
        .takes::<PutFrame>()
        .done()
        .refuses(&[C::NotVerified, C::Gone, C::Quota]),
        route(
            Get,
            "/links/{id}/frames",
            Session,
            get(links::frames),
            "Frames of a mailbox",
        )
        .gives::<Frames>(200)
        .refuses(&[C::NotVerified, C::Gone]),
    ]
}
