//! Accounts, passwords, addresses, waits.

use axum::routing::{delete, get, post, put};
use chatty_protocol::ErrorCode as C;
use chatty_protocol::rest::{
    ChangePassword, ConfirmReset, DeleteAccount, Me, NewIdentity, ReplaceAik, ResetPassword,
    SignUp, SignedUp, VerifyEmail, Wait, Waits,
};
use utoipa::openapi::path::HttpMethod::{Delete, Get, Post, Put};

use crate::http::accounts;
use crate::http::route::Access::{Anyone, Device, Session, Verified};
use crate::http::route::{Route, route};

/// Beginning and end of an account.
pub(super) fn life() -> Vec<Route> {
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
    ]
}

/// The password and its reset.
pub(super) fn password() -> Vec<Route> {
    vec![
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
    ]
}

/// Changes that are announced first.
pub(super) fn waits() -> Vec<Route> {
    vec![
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
    ]
}

/// The proof of an address.
pub(super) fn email() -> Vec<Route> {
    vec![
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
