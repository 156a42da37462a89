//! One file as an answer: what a browser may do with it, how long it keeps it, how it is packed.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::File;

/// Files in here carry a hash of their content in their names: they never change.
const HASHED: &str = "assets/";

/// Nothing from elsewhere, no inline script or style, no script address that did not pass the one
/// policy.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
     connect-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; media-src blob:; \
     manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types chatty-worker";

/// What the screens do not use stays shut, also to a script that got in.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(self), camera=(), clipboard-read=(self), \
     clipboard-write=(self), display-capture=(), encrypted-media=(), fullscreen=(self), \
     geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), \
     publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

/// The same on every answer.
const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("permissions-policy", PERMISSIONS),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    // The page stands at many addresses, and a file in three packings.
    ("vary", "accept, accept-encoding"),
];

/// The file, or word that the browser has it already.
pub fn of(name: &str, file: &File, asked: &HeaderMap) -> Response {
    let mut headers = headers(name, file.kind);
    // Weak: the same content in another packing is other bytes.
    let tag = format!("W/\"{}\"", file.hash);
    let known = lists(asked, header::IF_NONE_MATCH, &tag);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    for (packing, packed) in [("br", &file.brotli), ("gzip", &file.gzip)] {
        if let Some(packed) = packed
            && takes(asked, packing)
        {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(packing));
            return (headers, packed.clone()).into_response();
        }
    }
    (headers, file.content.clone()).into_response()
}

fn headers(name: &str, kind: &'static str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for &(name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let cache = match name.starts_with(HASHED) {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers
}

/// Whether a list of a header has this element, whatever its parameters say.
pub fn lists(headers: &HeaderMap, name: HeaderName, wanted: &str) -> bool {
    elements(headers, name).any(|(word, _)| word.eq_ignore_ascii_case(wanted))
}

/// Whether the browser takes this packing; with `q=0` it refuses it.
fn takes(headers: &HeaderMap, packing: &str) -> bool {
    let refused = |rest: &str| {
        let weight = rest.trim().strip_prefix("q=");
        weight.is_some_and(|weight| weight.trim().parse::<f32>().is_ok_and(|q| q <= 0.0))
    };
    elements(headers, header::ACCEPT_ENCODING)
        .any(|(word, rest)| word.eq_ignore_ascii_case(packing) && !refused(rest))
}

/// The elements of a list with what follows their first semicolon.
fn elements(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(name).into_iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(|element| {
        let (word, rest) = element.split_once(';').unwrap_or((element, ""));
        (word.trim(), rest)
    })
}
