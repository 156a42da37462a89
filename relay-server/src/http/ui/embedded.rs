//! The browser build inside the program: what release binaries serve without a folder.

use axum::body::Bytes;

use super::Ui;

// Written by build.rs: every file of CHATTY_UI_DIST by its name.
include!(concat!(env!("OUT_DIR"), "/ui.rs"));

/// The same as a folder that was read.
pub fn ui() -> Ui {
    let files = FILES.iter();
    Ui::from_files(
        files
            .map(|&(name, content)| (name.to_owned(), Bytes::from_static(content)))
            .collect(),
    )
}
