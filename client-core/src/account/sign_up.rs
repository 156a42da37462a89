//! A new account. The identity is durable before the relay hears of it, so a kill at any moment
//! leaves a home in which the same call can be repeated.

use chatty_crypto::recovery::RecoverySecret;
use chatty_crypto::{device_log, identity};
use chatty_protocol::proof::Purpose;
use chatty_protocol::rest::{LogIn, SignUp, Tokens};
use chatty_protocol::{DeviceId, ErrorCode, UserId};

use super::{bare_handle, canonical, publish};
use crate::api::account::{AccountSignUp, SignedUp};
use crate::api::state::{DeviceClass, DeviceState};
use crate::api::{LocalCode, Secret};
use crate::engine::{Context, Fault, Work};
use crate::kill_point;
use crate::platform::PlatformRandom;
use crate::store::account::{self, AccountRow};
use crate::sync::{gate, session};

/// Makes the account, or finishes a sign-up that was interrupted.
pub async fn sign_up(context: &Context, params: AccountSignUp) -> Result<SignedUp, Fault> {
    let origin = canonical(&params.relay)?;
    let handle = bare_handle(&params.handle);
    if let Some(done) = done_before(context, &origin, &handle, &params.email)? {
        return Ok(done);
    }
    gate::check(context, &origin).await?;
    let begun = begin(context, &origin, &handle, &params)?;
    kill_point!("sign-up.before-post");
    let (tokens, verified) = register(context, &origin, &handle, &params, &begun).await?;
    kill_point!("sign-up.after-post");
    context.input(|work| finish(work, &handle, &tokens, verified))?;
    kill_point!("sign-up.finished");
    // The account exists. What is left is repeated at every connect until it worked.
    if let Err(fault) = publish::publish(context).await {
        tracing::info!(%fault, "keys and handle follow at the next connect");
    }
    context.hurry.ring();
    signed_up(context, begun.user, begun.device, handle)
}

fn signed_up(
    context: &Context,
    user: UserId,
    device: DeviceId,
    handle: String,
) -> Result<SignedUp, Fault> {
    let recovery_key = context.look(|work| {
        let text = identity::recovery_key_text(&work.crypto)?;
        Ok(Secret::new(text.as_str()))
    })?;
    Ok(SignedUp {
        user,
        handle,
        device,
        recovery_key,
    })
}

/// A sign-up that was complete but died before its answer was read: the same call gives it again,
/// until somebody has said that the recovery key is in safety.
fn done_before(
    context: &Context,
    origin: &str,
    handle: &str,
    email: &str,
) -> Result<Option<SignedUp>, Fault> {
    let found = context.read(|db| Ok((account::get(db)?, account::session(db)?)))?;
    let (Some(row), Some(_)) = found else {
        return Ok(None);
    };
    let same = row.relay == origin && row.handle == handle && row.email.as_deref() == Some(email);
    if !same || row.recovery_confirmed {
        return Ok(None);
    }
    context.hurry.ring();
    signed_up(context, row.user, row.device, row.handle).map(Some)
}

/// An identity that the relay may or may not know.
struct Begun {
    user: UserId,
    device: DeviceId,
    entry: Vec<u8>,
}

/// Makes the identity, or finds the one that an interrupted sign-up made.
fn begin(
    context: &Context,
    origin: &str,
    handle: &str,
    params: &AccountSignUp,
) -> Result<Begun, Fault> {
    context.input(|work| {
        let begun = match identity::own(&work.crypto)? {
            None => create(work, origin)?,
            Some(own) => resume(work, origin, &own)?,
        };
        account::put(
            work.db,
            &AccountRow {
                relay: origin.to_owned(),
                user: begun.user,
                handle: handle.to_owned(),
                email: Some(params.email.clone()),
                device: begun.device,
                device_state: DeviceState::Approved,
                class: DeviceClass::Full,
                verified_email: false,
                recovery_confirmed: false,
                created_ms: work.now_ms(),
            },
        )?;
        crate::device::label::begin(
            work,
            &begun.device,
            params.device_name.as_deref(),
            DeviceState::Approved,
        )?;
        Ok(begun)
    })
}

fn create(work: &mut Work<'_>, origin: &str) -> Result<Begun, Fault> {
    let recovery = RecoverySecret::generate(&mut PlatformRandom(work.platform()));
    let made = identity::create(&mut work.crypto, origin, &recovery)?;
    Ok(Begun {
        user: made.user,
        device: made.device,
        entry: made.init_entry,
    })
}

fn resume(work: &mut Work<'_>, origin: &str, own: &identity::Own) -> Result<Begun, Fault> {
    if account::session(work.db)?.is_some() {
        return Err(Fault::rule(
            LocalCode::AlreadySignedIn,
            "This home has an account already.",
        ));
    }
    let entry = device_log::entries_above(&work.crypto, &own.user, None)?
        .into_iter()
        .next();
    match entry {
        Some(entry) if own.origin == origin => Ok(Begun {
            user: own.user,
            device: own.device,
            entry,
        }),
        _ => Err(Fault::rule(
            LocalCode::AlreadySignedIn,
            "This home belongs to an account of another server or waits for approval: use another home.",
        )),
    }
}

/// Posts the account. A handle that is taken may be our own, from a call that was cut off after
/// the relay had stored it: only this device can prove that.
async fn register(
    context: &Context,
    origin: &str,
    handle: &str,
    params: &AccountSignUp,
    begun: &Begun,
) -> Result<(Tokens, bool), Fault> {
    let body = SignUp {
        handle: handle.to_owned(),
        email: params.email.clone(),
        password: params.password.expose().to_owned(),
        entry: begun.entry.clone().into(),
    };
    let refusal = match session::rest(context, origin, None).sign_up(&body).await {
        Ok(done) if done.user == begun.user => return Ok((done.tokens, done.verified)),
        Ok(_) => return Err(Fault::BadRelay("the server signed up another account")),
        Err(fault) => fault,
    };
    if !matches!(
        refusal.code(),
        Some(ErrorCode::HandleTaken | ErrorCode::Conflict)
    ) {
        return Err(refusal);
    }
    let proof = session::proof(context, origin, Purpose::Login).await?;
    let body = LogIn {
        login: handle.to_owned(),
        password: params.password.expose().to_owned(),
        proof: Some(proof),
    };
    match session::rest(context, origin, None).log_in(&body).await {
        Ok(done) if done.user == begun.user => {
            let token = Some(done.tokens.access_token.as_str());
            let me = session::rest(context, origin, token).me().await?;
            Ok((done.tokens, me.verified_email))
        }
        _ => Err(refusal),
    }
}

fn finish(work: &mut Work<'_>, handle: &str, tokens: &Tokens, verified: bool) -> Result<(), Fault> {
    session::keep(work, tokens)?;
    let Some(mut account) = account::get(work.db)? else {
        return Err(Fault::Bug("an account that was just written is gone"));
    };
    account.handle = handle.to_owned();
    account.verified_email = verified;
    account::put(work.db, &account)?;
    super::who::changed(work)
}
