//! The session with the relay: access token, refresh, challenge and proof.

use chatty_crypto::identity;
use chatty_protocol::proof::Purpose;
use chatty_protocol::rest::{Proof, Refresh, Tokens};
use chatty_protocol::{ErrorCode, limits};
use zeroize::Zeroizing;

use super::rest::Rest;
use crate::api::LocalCode;
use crate::engine::{Context, Fault, Work};
use crate::store::account::{self, SessionRow};

/// A token is taken for too old this long before its end: clocks and ways differ.
const EARLY_MS: u64 = 30 * limits::SECOND_MS;

/// A proof of this device over a fresh nonce of the relay.
pub async fn proof(context: &Context, origin: &str, purpose: Purpose) -> Result<Proof, Fault> {
    let challenge = rest(context, origin, None).challenge().await?;
    context.input(|work| {
        Ok(identity::login_proof(
            &work.crypto,
            &challenge.nonce.0,
            purpose,
        )?)
    })
}

/// Calls without a token.
pub fn rest<'a>(context: &'a Context, origin: &'a str, token: Option<&'a str>) -> Rest<'a> {
    Rest {
        platform: &*context.platform,
        offline: context.options.offline,
        origin,
        token,
    }
}

/// A token that is valid for a while, with the relay's origin.
pub struct Access {
    /// Canonical origin.
    pub origin: String,
    /// Access token.
    pub token: Zeroizing<String>,
}

impl Access {
    /// Calls with this token.
    pub fn rest<'a>(&'a self, context: &'a Context) -> Rest<'a> {
        rest(context, &self.origin, Some(&self.token))
    }
}

/// The session's access token, refreshed when it is old.
pub async fn access(context: &Context) -> Result<Access, Fault> {
    let session = stored(context)?;
    if fresh(context, &session.1) {
        return Ok(of(session));
    }
    // One refresh at a time: the refresh token is good for one use.
    let _turn = context.refreshing.lock().await;
    let session = stored(context)?;
    if fresh(context, &session.1) {
        return Ok(of(session));
    }
    refresh(context, session).await
}

/// Runs a call; when the relay says that the token is no good any more, refreshes once.
pub async fn with<T>(
    context: &Context,
    call: impl AsyncFn(Rest<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let first = access(context).await?;
    match call(first.rest(context)).await {
        Err(fault) if token_refused(&fault) => {
            expire(context, &first.token)?;
            let second = access(context).await?;
            call(second.rest(context)).await
        }
        done => done,
    }
}

fn token_refused(fault: &Fault) -> bool {
    fault.is(ErrorCode::TokenExpired) || fault.is(ErrorCode::Unauthorised)
}

fn of((origin, session): (String, SessionRow)) -> Access {
    Access {
        origin,
        token: session.access_token,
    }
}

fn stored(context: &Context) -> Result<(String, SessionRow), Fault> {
    let found = context.read(|db| Ok((account::get(db)?, account::session(db)?)))?;
    match found {
        (Some(account), Some(session)) => Ok((account.relay, session)),
        _ => Err(not_signed_in()),
    }
}

fn not_signed_in() -> Fault {
    Fault::rule(LocalCode::NotSignedIn, "This home is not signed in.")
}

fn fresh(context: &Context, session: &SessionRow) -> bool {
    context.platform.now_ms().saturating_add(EARLY_MS) < session.access_until_ms
}

/// The token was refused although its time is not over: the next use refreshes.
fn expire(context: &Context, token: &str) -> Result<(), Fault> {
    context.input(|work| {
        let session = account::session(work.db)?;
        match session {
            Some(mut session) if session.access_token.as_str() == token => {
                session.access_until_ms = 0;
                Ok(account::set_session(work.db, Some(&session))?)
            }
            _ => Ok(()),
        }
    })
}

/// Asks for the next pair of tokens. They are durable before the first use of the new ones.
async fn refresh(
    context: &Context,
    (origin, session): (String, SessionRow),
) -> Result<Access, Fault> {
    let proof = match session.scope == PENDING && !is_live(context)? {
        true => None,
        false => Some(proof(context, &origin, Purpose::Refresh).await?),
    };
    let body = Refresh {
        refresh_token: session.refresh_token.to_string(),
        proof,
    };
    match rest(context, &origin, None).refresh(&body).await {
        Ok(tokens) => {
            crate::kill_point!("session.refreshed");
            let session = context.input(|work| keep(work, &tokens))?;
            Ok(of((origin, session)))
        }
        Err(fault) if session_over(&fault) => {
            context.signed_out()?;
            Err(not_signed_in())
        }
        Err(fault) => Err(fault),
    }
}

/// Scope of a session whose device is in no log yet.
const PENDING: &str = "pending";

fn is_live(context: &Context) -> Result<bool, Fault> {
    context.look(|work| {
        let standing = identity::standing(&work.crypto)?;
        Ok(matches!(standing, identity::Standing::Live(_)))
    })
}

/// This device was approved: its session gets scope `device` by a refresh with its proof.
pub async fn upgrade(context: &Context) -> Result<(), Fault> {
    let _turn = context.refreshing.lock().await;
    let (origin, session) = stored(context)?;
    if session.scope == PENDING {
        refresh(context, (origin, session)).await?;
    }
    Ok(())
}

fn session_over(fault: &Fault) -> bool {
    matches!(
        fault.code(),
        Some(
            ErrorCode::TokenReused
                | ErrorCode::TokenExpired
                | ErrorCode::Unauthorised
                | ErrorCode::DeviceRevoked
        )
    )
}

/// Stores tokens.
pub fn keep(work: &mut Work<'_>, tokens: &Tokens) -> Result<SessionRow, Fault> {
    let session = SessionRow {
        sid: tokens.sid.clone(),
        access_token: Zeroizing::new(tokens.access_token.clone()),
        access_until_ms: work.now_ms().saturating_add(tokens.expires_in_ms),
        refresh_token: Zeroizing::new(tokens.refresh_token.clone()),
        scope: tokens.scope.clone(),
    };
    account::set_session(work.db, Some(&session))?;
    Ok(session)
}
