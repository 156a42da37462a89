//! Who calls and with what: every extractor refuses with problem+json.

use std::net::{IpAddr, SocketAddr};

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::{StatusCode, header, request::Parts};
use chatty_protocol::{DeviceId, ErrorCode, UserId, limits};
use serde::de::DeserializeOwned;

use super::error::ApiError;
use crate::service::token::{Scope, TokenError, parse_sid};
use crate::state::{App, SharedApp};
use crate::store::device::DeviceState;
use crate::store::session::FamilyId;

/// A JSON body. What is wrong with it is never repeated back: it may hold a password.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<SharedApp> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &SharedApp) -> Result<Self, ApiError> {
        match Json::<T>::from_request(request, app).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(refused_body(&rejection)),
        }
    }
}

fn refused_body(rejection: &JsonRejection) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return ErrorCode::TooLarge.into();
    }
    let detail = match rejection {
        JsonRejection::MissingJsonContentType(_) => "content-type is not application/json",
        JsonRejection::JsonDataError(_) => "a field is missing or of the wrong type",
        JsonRejection::JsonSyntaxError(_) => "not JSON",
        _ => "the body could not be read",
    };
    ApiError::new(ErrorCode::Malformed).detail(detail)
}

/// Query parameters.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<SharedApp> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, ApiError> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, app).await;
        let wrong = |_| ApiError::new(ErrorCode::Malformed).detail("a query parameter is wrong");
        query
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(wrong)
    }
}

/// Path parameters. An id that does not parse names nothing, so the answer is `not_found`.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<SharedApp> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, ApiError> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        path.map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| ErrorCode::NotFound.into())
    }
}

/// Address range of the caller: IPv4 /24, IPv6 /48. Only ever a key of a rate in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRange(pub [u8; 7]);

impl AddressRange {
    fn of(address: IpAddr) -> Self {
        let mut range = [0; 7];
        match address.to_canonical() {
            IpAddr::V4(v4) => {
                range[0] = 4;
                range[1..4].copy_from_slice(&v4.octets()[..3]);
            }
            IpAddr::V6(v6) => {
                range[0] = 6;
                range[1..].copy_from_slice(&v6.octets()[..6]);
            }
        }
        Self(range)
    }
}

impl FromRequestParts<SharedApp> for AddressRange {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, ApiError> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let mut address = peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
        if app.config.listen.behind_proxy {
            // The proxy appends the address that it saw; whatever stands before is the client's.
            let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
            let last = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next());
            address = last
                .and_then(|text| text.trim().parse().ok())
                .unwrap_or(address);
        }
        Ok(Self::of(address))
    }
}

/// Somebody with a live session, of any scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Account.
    pub user: UserId,
    /// Session.
    pub family: FamilyId,
    /// Device that proved itself; none = scope `pending`.
    pub device: Option<DeviceId>,
    /// Whether the address was verified.
    pub verified: bool,
}

impl Caller {
    /// Scope of the session.
    pub fn scope(&self) -> Scope {
        if self.device.is_some() {
            Scope::Device
        } else {
            Scope::Pending
        }
    }
}

impl FromRequestParts<SharedApp> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, ApiError> {
        let token = bearer(parts).ok_or(ErrorCode::Unauthorised)?;
        authenticate(app, token).await
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Checks a token and that its session is still alive: a token outlives its family by nothing.
async fn authenticate(app: &App, token: &str) -> Result<Caller, ApiError> {
    let claims = app
        .tokens
        .verify(token, app.now_ms())
        .map_err(|error| match error {
            TokenError::Expired => ErrorCode::TokenExpired,
            TokenError::Invalid => ErrorCode::Unauthorised,
        })?;
    let family_id = parse_sid(&claims.sid).ok_or(ErrorCode::Unauthorised)?;
    let family = app.store.family(family_id).await?;
    let fits = |f: &crate::store::session::Family| {
        f.live && f.user == claims.sub && f.device == claims.did
    };
    if !family.is_some_and(|f| fits(&f)) {
        return Err(ErrorCode::Unauthorised.into());
    }
    let account = app.store.account(claims.sub).await?;
    let account = account
        .filter(|a| !a.closed)
        .ok_or(ErrorCode::Unauthorised)?;
    Ok(Caller {
        user: claims.sub,
        family: family_id,
        device: claims.did,
        verified: account.verified,
    })
}

/// A live device of its account; the address may be unverified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceCaller {
    /// Account.
    pub user: UserId,
    /// Session.
    pub family: FamilyId,
    /// Device.
    pub device: DeviceId,
    /// Class number of the device (protocol.md §8).
    pub class: u8,
    /// Whether the address was verified.
    pub verified: bool,
}

impl FromRequestParts<SharedApp> for DeviceCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let device = caller.device.ok_or(ErrorCode::Scope)?;
        let class = live_device(app, device).await?;
        Ok(Self {
            user: caller.user,
            family: caller.family,
            device,
            class,
            verified: caller.verified,
        })
    }
}

/// Class of a device that is live and not expired; notes once an hour that it was seen.
pub async fn live_device(app: &App, device: DeviceId) -> Result<u8, ApiError> {
    let now = app.now_ms();
    let row = app
        .store
        .device(device)
        .await?
        .ok_or(ErrorCode::UnknownDevice)?;
    match row.state {
        DeviceState::Pending => return Err(ErrorCode::UnknownDevice.into()),
        DeviceState::Revoked => return Err(ErrorCode::DeviceRevoked.into()),
        DeviceState::Live => {}
    }
    if row.expires != 0 && now > row.expires.saturating_add(limits::EXPIRY_GRACE_MS) {
        return Err(ApiError::new(ErrorCode::DeviceRevoked).detail("the device expired"));
    }
    let hour = now - now % limits::HOUR_MS;
    if row.last_seen < hour {
        app.store.device_seen(device, hour).await?;
    }
    Ok(row.class)
}

/// A live device of an account whose address was verified: may do everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedCaller {
    /// Account.
    pub user: UserId,
    /// Session.
    pub family: FamilyId,
    /// Device.
    pub device: DeviceId,
    /// Class number of the device (protocol.md §8).
    pub class: u8,
}

impl FromRequestParts<SharedApp> for VerifiedCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, app).await?;
        verified_device(app, &caller).await
    }
}

/// What [`VerifiedCaller`] asks for, of a caller that is known already.
pub async fn verified_device(app: &App, caller: &Caller) -> Result<VerifiedCaller, ApiError> {
    let device = caller.device.ok_or(ErrorCode::Scope)?;
    let class = live_device(app, device).await?;
    if !caller.verified {
        return Err(ErrorCode::NotVerified.into());
    }
    Ok(VerifiedCaller {
        user: caller.user,
        family: caller.family,
        device,
        class,
    })
}
