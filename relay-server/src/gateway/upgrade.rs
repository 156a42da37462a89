//! `GET /v1/ws`: origin, handshake, then one task for the socket.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use chatty_protocol::{ErrorCode, limits};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::connection;
use super::io::Counted;
use crate::http::error::{ApiError, ApiResult};
use crate::state::SharedApp;

/// Bytes asked from the socket at once (D13).
const READ_BUFFER: usize = 1024;
/// Frames are gathered up to here before they are written.
const WRITE_BUFFER: usize = 16 * 1024;
/// Most bytes that wait inside the codec; a larger backlog stays in the route.
const MAX_WRITE_BUFFER: usize = 256 * 1024;
/// Longest time after which a refused client tries again.
const STORM_RETRY_MS: u64 = 30_000;

/// Upgrades to a WebSocket. The ticket comes in the first frame, never in the address (D14).
pub async fn upgrade(State(app): State<SharedApp>, mut request: Request) -> ApiResult<Response> {
    let accept = accept_key(request.headers())?;
    if !app.live.admit(app.now_ms()) {
        let jitter = app.random.bytes::<2>().map(u16::from_be_bytes)?;
        let retry_ms = u64::from(jitter) * STORM_RETRY_MS / u64::from(u16::MAX);
        return Err(ApiError::new(ErrorCode::Busy).retry_after(retry_ms.max(1)));
    }
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let Ok(upgraded) = upgrade.await else { return };
        let stall = Duration::from_millis(app.config.stall_ms);
        let stream = Counted::new(upgraded, stall);
        let socket =
            WebSocketStream::from_raw_socket(stream, Role::Server, Some(socket_config())).await;
        connection::run(app, socket).await;
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    Ok(response)
}

fn socket_config() -> WebSocketConfig {
    let mut config = WebSocketConfig::default();
    config.read_buffer_size = READ_BUFFER;
    config.write_buffer_size = WRITE_BUFFER;
    config.max_write_buffer_size = MAX_WRITE_BUFFER;
    config.max_message_size = Some(limits::FRAME_BYTES);
    config.max_frame_size = Some(limits::FRAME_BYTES);
    config
}

/// Checks the handshake and returns `Sec-WebSocket-Accept`.
fn accept_key(headers: &HeaderMap) -> ApiResult<HeaderValue> {
    let malformed = || ApiError::new(ErrorCode::Malformed).detail("not a WebSocket handshake");
    let has = |name: HeaderName, wanted: &str| {
        let values = headers.get_all(name);
        values
            .iter()
            .filter_map(|value| value.to_str().ok())
            .any(|value| {
                let mut tokens = value.split(',');
                tokens.any(|token| token.trim().eq_ignore_ascii_case(wanted))
            })
    };
    let upgrades = has(CONNECTION, "upgrade") && has(UPGRADE, "websocket");
    if !upgrades || !has(SEC_WEBSOCKET_VERSION, "13") {
        return Err(malformed());
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).ok_or_else(malformed)?;
    HeaderValue::from_str(&derive_accept_key(key.as_bytes())).map_err(|_| malformed())
}
