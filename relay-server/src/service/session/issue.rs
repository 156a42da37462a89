//! A new session: an access token and the first refresh token of a family.

use chatty_protocol::rest::Tokens as TokensBody;
use chatty_protocol::{DeviceId, UserId, limits};

use crate::service::Served;
use crate::service::token::{Scope, Tokens, sid};
use crate::state::App;
use crate::store::session::{FamilyId, NewFamily};

/// Begins a session of scope `device`, or `pending` without one.
pub async fn issue(app: &App, user: UserId, device: Option<DeviceId>) -> Served<TokensBody> {
    let now = app.now_ms();
    let family = app.random.bytes::<16>()?;
    let first = app.tokens.refresh_token(&family, 0);
    let new = NewFamily {
        family,
        user,
        device,
        hash: Tokens::refresh_hash(&first),
        created: now,
        expires: now + limits::REFRESH_TOKEN_MS,
    };
    app.store.family_put(new).await?;
    body(app, user, device, &family, 0)
}

/// The tokens of a family at this counter.
pub(super) fn body(
    app: &App,
    user: UserId,
    device: Option<DeviceId>,
    family: &FamilyId,
    counter: u64,
) -> Served<TokensBody> {
    let scope = if device.is_some() {
        Scope::Device
    } else {
        Scope::Pending
    };
    Ok(TokensBody {
        sid: sid(family),
        access_token: app.tokens.access(user, *family, device, app.now_ms())?,
        expires_in_ms: limits::ACCESS_TOKEN_MS,
        refresh_token: app.tokens.refresh_token(family, counter).to_string(),
        scope: scope.as_str().to_owned(),
    })
}
