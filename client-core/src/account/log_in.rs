//! Signing a home in: with its own device key when the home has one, else as a new device that
//! waits for approval.

use chatty_crypto::identity;
use chatty_protocol::proof::Purpose;
use chatty_protocol::rest::{LogIn, LoggedIn};

use super::{bare_handle, canonical, who};
use crate::api::LocalCode;
use crate::api::account::{AccountLogIn, WhoAmI};
use crate::api::state::{DeviceClass, DeviceState};
use crate::engine::{Context, Fault};
use crate::kill_point;
use crate::store::account::{self, AccountRow};
use crate::sync::{gate, people, session};

/// Logs in.
pub async fn log_in(context: &Context, params: AccountLogIn) -> Result<WhoAmI, Fault> {
    let origin = canonical(&params.relay)?;
    let login = match params.login.contains('@') && !params.login.trim().starts_with('@') {
        true => params.login.trim().to_owned(),
        false => bare_handle(&params.login),
    };
    if context.read(|db| account::session(db))?.is_some() {
        return Err(Fault::rule(
            LocalCode::AlreadySignedIn,
            "This home is signed in already.",
        ));
    }
    gate::check(context, &origin).await?;
    let own = context.look(|work| Ok(identity::own(&work.crypto)?))?;
    let proof = match &own {
        Some(own) if own.origin == origin => {
            Some(session::proof(context, &origin, Purpose::Login).await?)
        }
        Some(_) => {
            return Err(Fault::rule(
                LocalCode::AlreadySignedIn,
                "This home belongs to an account of another server: use another home.",
            ));
        }
        None => None,
    };
    let body = LogIn {
        login: login.clone(),
        password: params.password.expose().to_owned(),
        proof,
    };
    let done = session::rest(context, &origin, None).log_in(&body).await?;
    kill_point!("log-in.answered");
    if own.is_some_and(|own| own.user != done.user) {
        return Err(Fault::rule(
            LocalCode::AlreadySignedIn,
            "This home belongs to another account: use another home.",
        ));
    }
    keep(
        context,
        &origin,
        &login,
        params.device_name.as_deref(),
        &done,
    )?;
    kill_point!("log-in.kept");
    // A new device learns its account's log before anything else.
    people::fetch(context, &done.user).await?;
    name(context).await?;
    context.hurry.ring();
    who::who_am_i(context)
}

/// Identity, account and tokens in one transaction.
fn keep(
    context: &Context,
    origin: &str,
    login: &str,
    label: Option<&str>,
    done: &LoggedIn,
) -> Result<(), Fault> {
    context.input(|work| {
        let device = match identity::own(&work.crypto)? {
            Some(own) => own.device,
            None => identity::new_device(&mut work.crypto, origin, done.user)?,
        };
        if account::get(work.db)?.is_none() {
            account::put(
                work.db,
                &AccountRow {
                    relay: origin.to_owned(),
                    user: done.user,
                    handle: login.to_owned(),
                    email: None,
                    device,
                    device_state: DeviceState::Waiting,
                    class: DeviceClass::Full,
                    verified_email: false,
                    recovery_confirmed: true,
                    created_ms: work.now_ms(),
                },
            )?;
            crate::device::label::begin(work, &device, label, DeviceState::Waiting)?;
        }
        session::keep(work, &done.tokens)?;
        who::standing_changed(work)?;
        who::changed(work)
    })
}

/// Takes over handle and verification as the relay has them.
async fn name(context: &Context) -> Result<(), Fault> {
    let me = session::with(context, async |rest| rest.me().await).await?;
    context.input(|work| {
        if let Some(mut row) = account::get(work.db)? {
            row.handle = me.handle;
            row.verified_email = me.verified_email;
            account::put(work.db, &row)?;
        }
        who::standing_changed(work)?;
        who::changed(work)
    })
}
