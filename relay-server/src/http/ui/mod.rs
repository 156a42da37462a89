//! The browser build: finished files, read once at start and served from memory.
//!
//! Only what was there then can be asked for, so no address leads outside of it. They come from a
//! folder ([`read`]) or from the program itself ([`embedded`]); from there on both are the same.
//! Pages of this origin handle keys: the headers allow no script, frame or request but our own
//! (C1, B8).

mod answer;
#[cfg(feature = "embed-ui")]
mod embedded;
mod hashes;
mod kind;
mod read;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use chatty_protocol::ErrorCode;

use super::error::ApiError;
use crate::state::SharedApp;

pub use hashes::hashes;
pub use read::UiError;

/// The page of every address that a person can be at.
const INDEX: &str = "index.html";
/// Never the page, whatever a browser says that it takes: programs ask here.
const NO_PAGES: &[&str] = &["v1", "assets", ".well-known"];

/// The files by their path below the folder, with `/` between its parts.
#[derive(Debug, Default)]
pub struct Ui {
    files: HashMap<String, File>,
    hashes: BTreeMap<String, String>,
}

#[derive(Debug)]
struct File {
    kind: &'static str,
    /// SHA-256 of the content in hex.
    hash: String,
    content: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Ui {
    /// The files of `--ui DIR`, else those that the program brings, else none.
    pub fn open(folder: Option<&PathBuf>) -> Result<Self, UiError> {
        match folder {
            Some(folder) => Self::read(folder),
            #[cfg(feature = "embed-ui")]
            None => Ok(embedded::ui()),
            #[cfg(not(feature = "embed-ui"))]
            None => Ok(Self::default()),
        }
    }

    /// From the content of every file. What was compressed by the build stands beside its original
    /// with `.br` or `.gz` behind the name; a file of an unknown kind is left out.
    fn from_files(mut contents: HashMap<String, Bytes>) -> Self {
        let mut ui = Self::default();
        let names: Vec<String> = contents.keys().cloned().collect();
        for name in names {
            let Some(kind) = kind::of(&name) else {
                continue;
            };
            let brotli = contents.remove(&format!("{name}.br"));
            let gzip = contents.remove(&format!("{name}.gz"));
            let Some(content) = contents.remove(&name) else {
                continue;
            };
            let hash = hashes::of(&content);
            ui.hashes.insert(name.clone(), hash.clone());
            let file = File {
                kind,
                hash,
                content,
                brotli,
                gzip,
            };
            ui.files.insert(name, file);
        }
        ui
    }

    /// The file of an address, or the page when a person asks for an address of the screens.
    fn find(&self, path: &str, wants_page: bool) -> Option<(&str, &File)> {
        let name = match path.strip_prefix('/')? {
            "" => INDEX,
            name => name,
        };
        let first = name.split('/').next().unwrap_or_default();
        let page = || {
            let page = wants_page && !NO_PAGES.contains(&first);
            page.then(|| self.files.get_key_value(INDEX)).flatten()
        };
        let (name, file) = self.files.get_key_value(name).or_else(page)?;
        Some((name, file))
    }
}

/// Every address that is not one of the API.
pub async fn fallback(
    State(app): State<SharedApp>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if method == Method::GET || method == Method::HEAD {
        // What a browser sends when a person opens an address, and programs do not.
        let wants_page = answer::lists(&headers, header::ACCEPT, "text/html");
        if let Some((name, file)) = app.ui.find(uri.path(), wants_page) {
            return answer::of(name, file, &headers);
        }
    }
    ApiError::from(ErrorCode::NotFound).into_response()
}
