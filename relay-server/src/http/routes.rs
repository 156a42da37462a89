//! Every route of the relay, one list to read aloud. `router` mounts it, `openapi` describes it.

use axum::routing::{delete, get, post, put};
use chatty_protocol::ErrorCode as C;
use chatty_protocol::rest::*;
use utoipa::openapi::path::HttpMethod::{Delete, Get, Post, Put};

use super::conversations::{blocks, create, list, log, marks, requests, rows, to_device};
use super::route::Access::{Anyone, Device, Session, Verified};
use super::route::{Route, route};
use super::{about, accounts, keys, links, sessions, users};

/// Routes below `/v1`.
pub fn v1() -> Vec<Route> {
    let parts = [
        account_routes(),
        session_routes(),
        people_routes(),
        key_routes(),
    ];
    let more = [link_routes(), conversation_routes(), about_routes()];
    parts.into_iter().chain(more).flatten().collect()
}

fn account_routes() -> Vec<Route> {
    vec![
        route(
            Post,
            "/accounts",
            Anyone,
            post(accounts::sign_up),
            "Sign up",
        )
        .takes::<SignUp>()
        .gives::<SignedUp>(201)
        .refuses(&[C::HandleTaken, C::Conflict, C::NeedsUpdate, C::StaleSeq])
        .refuses(&[C::InvalidSignature, C::NotAllowed]),
        route(
            Get,
            "/account",
            Session,
            get(accounts::me),
            "The own account",
        )
        .gives::<Me>(200),
        route(
            Delete,
            "/account",
            Session,
            delete(accounts::delete),
            "Delete the account",
        )
        .takes::<DeleteAccount>()
        .done()
        .gives::<Wait>(202)
        .refuses(&[
            C::ProofRequired,
            C::NotAllowed,
            C::StaleSeq,
            C::InvalidSignature,
        ])
        .refuses(&[
            C::Scope,
            C::Gone,
            C::NeedsUpdate,
            C::UnknownDevice,
            C::DeviceRevoked,
        ]),
        route(
            Put,
            "/account/password",
            Session,
            put(accounts::change_password),
            "Set a new password",
        )
        .takes::<ChangePassword>()
        .done()
        .refuses(&[C::NotAllowed]),
        route(
            Post,
            "/account/reset",
            Anyone,
            post(accounts::request_reset),
            "Ask for a reset mail",
        )
        .takes::<ResetPassword>()
        .done(),
        route(
            Post,
            "/account/reset/confirm",
            Anyone,
            post(accounts::confirm_reset),
            "Set a password with the mail's token",
        )
        .takes::<ConfirmReset>()
        .done()
        .refuses(&[C::CodeExpired]),
        route(
            Put,
            "/account/identity",
            Session,
            put(accounts::replace_identity),
            "A new identity behind the login",
        )
        .takes::<NewIdentity>()
        .gives::<Wait>(200)
        .refuses(&[
            C::NotVerified,
            C::Conflict,
            C::NeedsUpdate,
            C::InvalidSignature,
        ])
        .refuses(&[C::NotAllowed, C::StaleSeq]),
        route(
            Put,
            "/account/replace-aik",
            Verified,
            put(accounts::replace_aik),
            "Announce a new account key",
        )
        .takes::<ReplaceAik>()
        .gives::<Wait>(200)
        .refuses(&[C::ProofRequired, C::NotAllowed]),
        route(
            Get,
            "/account/waits",
            Session,
            get(accounts::waits),
            "Announced changes",
        )
        .gives::<Waits>(200),
        route(
            Delete,
            "/account/waits/{kind}",
            Device,
            delete(accounts::veto),
            "Veto a change",
        )
        .done(),
        route(
            Post,
            "/email/verify",
            Session,
            post(accounts::verify_email),
            "Prove the address",
        )
        .takes::<VerifyEmail>()
        .done()
        .refuses(&[C::CodeWrong, C::CodeExpired]),
        route(
            Post,
            "/email/resend",
            Session,
            post(accounts::resend_email),
            "Mail a new code",
        )
        .done()
        .refuses(&[C::Conflict]),
    ]
}

fn session_routes() -> Vec<Route> {
    vec![
        route(
            Get,
            "/challenge",
            Anyone,
            get(sessions::challenge),
            "A nonce for a login-proof",
        )
        .gives::<Challenge>(200),
        route(Post, "/sessions", Anyone, post(sessions::log_in), "Log in")
            .takes::<LogIn>()
            .gives::<LoggedIn>(200)
            .refuses(&[C::Unauthorised, C::ProofRequired]),
        route(
            Post,
            "/sessions/refresh",
            Anyone,
            post(sessions::refresh),
            "The next tokens",
        )
        .takes::<Refresh>()
        .gives::<Tokens>(200)
        .refuses(&[
            C::Unauthorised,
            C::ProofRequired,
            C::TokenReused,
            C::TokenExpired,
        ]),
        route(
            Delete,
            "/sessions/{sid}",
            Session,
            delete(sessions::log_out),
            "Log out",
        )
        .done(),
        route(
            Post,
            "/tickets",
            Verified,
            post(sessions::ticket),
            "A socket ticket",
        )
        .gives::<Ticket>(200),
    ]
}

fn people_routes() -> Vec<Route> {
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

fn key_routes() -> Vec<Route> {
    vec![
        route(Put, "/keys", Device, put(keys::put), "Publish keys")
            .takes::<PutKeys>()
            .gives::<KeyCount>(200)
            .refuses(&[C::KeyReused, C::Quota, C::NeedsUpdate]),
        route(
            Get,
            "/keys/count",
            Device,
            get(keys::count),
            "Keys that are left",
        )
        .gives::<KeyCount>(200),
        route(
            Post,
            "/keys/claim",
            Verified,
            post(keys::claim),
            "One key per device",
        )
        .takes::<ClaimKeys>()
        .gives::<ClaimedKeys>(200),
    ]
}

fn link_routes() -> Vec<Route> {
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

fn conversation_routes() -> Vec<Route> {
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

fn about_routes() -> Vec<Route> {
    vec![
        route(
            Get,
            "/limits",
            Anyone,
            get(about::limits),
            "Limits that differ",
        )
        .gives::<Limits>(200),
        route(
            Get,
            "/version",
            Anyone,
            get(about::version),
            "Program and versions",
        )
        .gives::<Version>(200),
    ]
}
