//! HTTP by reqwest over rustls with ring.

use std::error::Error as _;
use std::io::ErrorKind;
use std::time::Duration;

use chatty_core::platform::{HttpAnswer, HttpRequest, MAX_ANSWER, NetError};

/// The one client of an engine. Connections are kept; redirects are not followed, so that a
/// token never goes to another place.
pub fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent(concat!("chatty/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Does one request.
pub async fn request(
    client: reqwest::Client,
    request: HttpRequest,
) -> Result<HttpAnswer, NetError> {
    let method = match request.method {
        "POST" => reqwest::Method::POST,
        "PUT" => reqwest::Method::PUT,
        "DELETE" => reqwest::Method::DELETE,
        _ => reqwest::Method::GET,
    };
    let mut builder = client
        .request(method, &request.url)
        .timeout(Duration::from_millis(request.timeout_ms));
    if let Some(token) = &request.bearer {
        builder = builder.bearer_auth(token);
    }
    if let Some(body) = request.body {
        builder = builder
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(body);
    }
    let mut answer = builder.send().await.map_err(|error| classify(&error))?;
    let status = answer.status().as_u16();
    let retry_after_ms = answer
        .headers()
        .get(reqwest::header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<u64>().ok())
        .map(|seconds| seconds.saturating_mul(1_000));
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| classify(&error))? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(NetError::Malformed);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(HttpAnswer {
        status,
        retry_after_ms,
        body,
    })
}

fn classify(error: &reqwest::Error) -> NetError {
    if error.is_timeout() {
        return NetError::Timeout;
    }
    if error.is_builder() {
        return NetError::Malformed;
    }
    cause(error.source())
}

/// What the chain of causes under a network error says.
pub fn cause(mut source: Option<&(dyn std::error::Error + 'static)>) -> NetError {
    while let Some(error) = source {
        if let Some(tls) = error.downcast_ref() {
            return of_tls(tls);
        }
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && let Some(why) = of_io(io)
        {
            return why;
        }
        source = error.source();
    }
    NetError::Unreachable
}

/// An io error may carry another one or the TLS error inside without naming it as its source.
fn of_io(io: &std::io::Error) -> Option<NetError> {
    match io.kind() {
        ErrorKind::NetworkDown | ErrorKind::NetworkUnreachable => return Some(NetError::Offline),
        ErrorKind::TimedOut => return Some(NetError::Timeout),
        _ => {}
    }
    let inner = io.get_ref()?;
    match inner.downcast_ref::<rustls::Error>() {
        Some(tls) => Some(of_tls(tls)),
        None => of_io(inner.downcast_ref::<std::io::Error>()?),
    }
}

fn of_tls(error: &rustls::Error) -> NetError {
    match error {
        rustls::Error::InvalidCertificate(_) => NetError::Certificate,
        _ => NetError::Secure,
    }
}
