//! The browser build: a folder of finished files, read once at start and served from memory.
//!
//! Only what was in the folder then can be asked for, so no address leads outside of it. Pages of
//! this origin handle keys: the headers allow no script, frame or request but our own (C1, B8).

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use chatty_protocol::ErrorCode;

use super::error::ApiError;
use crate::state::SharedApp;

/// The page of the address `/`.
const INDEX: &str = "index.html";
/// Files in here carry a hash of their content in their names: they never change.
const HASHED: &str = "assets/";
/// Most bytes of all files together; a folder above it was named by mistake.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Nothing from elsewhere, no inline script, no script address that did not pass the one policy.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
     connect-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; media-src blob:; \
     manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types chatty-worker";

/// The same on every answer.
const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
];

/// Why a folder cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum UiError {
    /// The folder or a file in it cannot be read.
    #[error("--ui: {path} cannot be read: {source}")]
    Read {
        /// What.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no page to begin with.
    #[error("--ui: {0} has no index.html; `cargo xtask web` makes such a folder")]
    NoIndex(PathBuf),
    /// Too much.
    #[error("--ui: {0} holds more than {MOST_BYTES} bytes; is it the right folder?")]
    TooLarge(PathBuf),
}

/// The files by their path below the folder, with `/` between its parts.
#[derive(Debug, Default)]
pub struct Ui(HashMap<String, File>);

#[derive(Debug)]
struct File {
    kind: &'static str,
    content: Bytes,
}

impl Ui {
    /// Reads a folder. Links and files of unknown kinds are left out.
    pub fn read(folder: &Path) -> Result<Self, UiError> {
        let mut ui = Self::default();
        let mut room = MOST_BYTES;
        let mut folders = vec![(folder.to_owned(), String::new())];
        while let Some((path, prefix)) = folders.pop() {
            let fail = |source| UiError::Read {
                path: path.clone(),
                source,
            };
            for entry in std::fs::read_dir(&path).map_err(fail)? {
                let entry = entry.map_err(fail)?;
                let (kind, name) = (entry.file_type().map_err(fail)?, entry.file_name());
                let Some(name) = name.to_str().map(|name| format!("{prefix}{name}")) else {
                    continue;
                };
                if kind.is_dir() {
                    folders.push((entry.path(), format!("{name}/")));
                } else if let (true, Some(kind)) = (kind.is_file(), kind_of(&name)) {
                    let size = entry.metadata().map_err(fail)?.len();
                    let left = room.checked_sub(size);
                    room = left.ok_or_else(|| UiError::TooLarge(folder.to_owned()))?;
                    let content = std::fs::read(entry.path()).map_err(fail)?.into();
                    ui.0.insert(name, File { kind, content });
                }
            }
        }
        match ui.0.contains_key(INDEX) {
            true => Ok(ui),
            false => Err(UiError::NoIndex(folder.to_owned())),
        }
    }

    fn find(&self, path: &str) -> Option<(&str, &File)> {
        let name = match path.strip_prefix('/')? {
            "" => INDEX,
            name => name,
        };
        let (name, file) = self.0.get_key_value(name)?;
        Some((name, file))
    }
}

/// By the end of the name; nothing else is a part of a build.
fn kind_of(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

/// Every address that is not one of the API.
pub async fn fallback(State(app): State<SharedApp>, method: Method, uri: Uri) -> Response {
    let found = app.ui.find(uri.path());
    match found {
        Some((name, file)) if method == Method::GET || method == Method::HEAD => {
            (headers(name, file.kind), file.content.clone()).into_response()
        }
        _ => ApiError::from(ErrorCode::NotFound).into_response(),
    }
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
