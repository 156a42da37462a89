//! `POST /sessions/refresh`: every refresh token is good once (D2).

use chatty_protocol::proof::Purpose;
use chatty_protocol::rest::{Refresh as RefreshBody, Tokens as TokensBody};
use chatty_protocol::{DeviceId, ErrorCode, limits};

use super::{issue, prove};
use crate::notice::Notice;
use crate::service::Served;
use crate::service::token::{PresentedRefresh, Tokens, sid};
use crate::state::App;
use crate::store::device::DeviceRow;
use crate::store::session::{Family, Refresh, Refreshed};

/// Reads that may be overtaken by another refresh of the same family before we give up.
const RACES: usize = 8;

/// Gives the successor of a refresh token.
///
/// The same token within 30 s and with a proof gives the same successor, because an answer may be
/// lost on the way. Any other second use kills the family. A token that this relay never made is
/// refused without touching the family that it names: the id of a family is no secret.
pub async fn refresh(app: &App, body: &RefreshBody) -> Served<TokensBody> {
    let token = app.tokens.parse_refresh(&body.refresh_token);
    let token = token.ok_or(ErrorCode::Unauthorised)?;
    // A session that is over is named so, whatever its device could still prove: one that was
    // removed while it was away must learn that it is signed out.
    let family = app.store.family(token.family).await?;
    if family.is_some_and(|family| !family.live) {
        return Err(ErrorCode::TokenReused.into());
    }
    let proved = match &body.proof {
        Some(proof) => Some(prove(app, proof, Purpose::Refresh).await?),
        None => None,
    };
    for _ in 0..RACES {
        let family = app.store.family(token.family).await?;
        let ahead = family
            .as_ref()
            .is_none_or(|family| token.counter > family.counter);
        if ahead {
            return after_restore(app, family, proved).await;
        }
        let family = family.ok_or(ErrorCode::Unauthorised)?;
        if let Some(tokens) = try_once(app, &family, token, proved.as_ref()).await? {
            return Ok(tokens);
        }
    }
    Err(ErrorCode::Busy.into())
}

/// One read and one conditional write; `None` when another refresh was faster.
async fn try_once(
    app: &App,
    family: &Family,
    token: PresentedRefresh,
    proved: Option<&DeviceRow>,
) -> Served<Option<TokensBody>> {
    let now = app.now_ms();
    if family.live && now >= family.expires {
        return Err(ErrorCode::TokenExpired.into());
    }
    if !family.live {
        return Err(ErrorCode::TokenReused.into());
    }
    let device = device_of(family, proved)?;
    let has_proof = proved.is_some() && device.is_some();
    if family.device.is_some() && !has_proof && token.counter == family.counter {
        // The thief of an unused token cannot even use it up.
        return Err(ErrorCode::ProofRequired.into());
    }
    let next = family.counter + 1;
    let refresh = Refresh {
        family: family.family,
        counter: family.counter,
        presented: token.hash,
        successor: Tokens::refresh_hash(&app.tokens.refresh_token(&family.family, next)),
        now,
        expires: now + limits::REFRESH_TOKEN_MS,
        retry_ms: if has_proof {
            limits::REFRESH_RETRY_MS
        } else {
            0
        },
        device,
    };
    let counter = match app.store.refresh(refresh).await? {
        Refreshed::Rotated => next,
        Refreshed::Repeat { counter } => counter,
        Refreshed::Raced => return Ok(None),
        Refreshed::Reused => {
            app.notices.send(Notice::SessionEnded {
                session: sid(&family.family),
            });
            return Err(ErrorCode::TokenReused.into());
        }
        Refreshed::Dead => return Err(ErrorCode::TokenReused.into()),
    };
    super::issue::body(app, family.user, device, &family.family, counter).map(Some)
}

/// Device of the next token: the family's own, which has to prove itself; or, for a session of
/// scope `pending`, a device of the account that became live meanwhile.
fn device_of(family: &Family, proved: Option<&DeviceRow>) -> Served<Option<DeviceId>> {
    let Some(row) = proved else {
        return Ok(family.device);
    };
    let same_account = row.user == family.user;
    let same_device = family.device.is_none_or(|device| device == row.device);
    if same_account && same_device {
        Ok(Some(row.device))
    } else {
        Err(ErrorCode::ProofRequired.into())
    }
}

/// The token is ours but newer than the store: the store was put back from a copy. Nobody but
/// its device can show it, so the device gets a new session instead of a sign-out.
async fn after_restore(
    app: &App,
    family: Option<Family>,
    proved: Option<DeviceRow>,
) -> Served<TokensBody> {
    let row = proved.ok_or(ErrorCode::Unauthorised)?;
    if let Some(family) = family {
        if family.user != row.user || family.device.is_some_and(|device| device != row.device) {
            return Err(ErrorCode::ProofRequired.into());
        }
        app.store.family_revoke(family.user, family.family).await?;
    }
    issue(app, row.user, Some(row.device)).await
}
