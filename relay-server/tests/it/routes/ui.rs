//! `serve --ui DIR`: the browser build beside the API.

use std::path::Path;

use chatty_relay::BuildError;
use chatty_relay::Deps;
use chatty_relay::config::Config;
use chatty_relay::http::ui::{Ui, UiError};

use crate::kit::TestRelay;

/// A folder as a build leaves it, and a secret next to it.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let ui = dir.path().join("ui");
    std::fs::create_dir_all(ui.join("assets")).unwrap();
    std::fs::write(dir.path().join("secret.txt"), "secret").unwrap();
    std::fs::write(ui.join("index.html"), "<!doctype html>").unwrap();
    std::fs::write(ui.join("assets/engine-1a2b.wasm"), b"\0asm").unwrap();
    std::fs::write(ui.join("assets/main-1a2b.js"), "export {}").unwrap();
    std::fs::write(ui.join("notes"), "no kind").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(dir.path().join("secret.txt"), ui.join("link.txt")).unwrap();
    dir
}

async fn serving(folder: &Path) -> TestRelay {
    let ui = folder.join("ui");
    TestRelay::start_with(|config| config.ui = Some(ui)).await
}

#[tokio::test]
async fn files_have_their_type_and_every_answer_the_same_fences() {
    let dir = folder();
    let relay = serving(dir.path()).await;
    for (path, kind, cache) in [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        (
            "/assets/main-1a2b.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "/assets/engine-1a2b.wasm",
            "application/wasm",
            "public, max-age=31536000, immutable",
        ),
    ] {
        let url = format!("{}{path}", relay.base());
        let answer = relay.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), kind);
        assert_eq!(header("cache-control"), cache);
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(header("x-content-type-options"), "nosniff");
        let policy = header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("http"));
    }
}

/// B8, C1: no address leads out of the folder, and what is no part of a build is not there.
#[tokio::test]
async fn nothing_else_can_be_asked_for() {
    let dir = folder();
    let relay = serving(dir.path()).await;
    for path in [
        "/notes",
        "/link.txt",
        "/assets",
        "/assets/",
        "/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2findex.html",
        "//index.html",
    ] {
        let url = format!("{}{path}", relay.base());
        let answer = relay.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    let url = format!("{}/index.html", relay.base());
    let posted = relay.http.post(url).send().await.unwrap();
    assert_eq!(posted.status(), 404);
    // The API has its addresses as before, and its own 404.
    let url = format!("{}/v1/nothing", relay.base());
    let answer = relay.http.get(url).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
}

#[tokio::test]
async fn without_a_folder_the_relay_has_no_pages() {
    let relay = TestRelay::start().await;
    let answer = relay.http.get(relay.base()).send().await.unwrap();
    assert_eq!(answer.status(), 404);
}

#[tokio::test]
async fn a_wrong_folder_is_said_at_the_start() {
    let dir = folder();
    let wrong = dir.path().join("ui/assets");
    assert!(matches!(Ui::read(&wrong), Err(UiError::NoIndex(_))));
    assert!(matches!(
        Ui::read(&dir.path().join("nowhere")),
        Err(UiError::Read { .. })
    ));
    let mut config = Config::for_tests(dir.path().join("data"));
    config.ui = Some(wrong);
    let started = chatty_relay::build(config, Deps::default()).await;
    assert!(matches!(started, Err(BuildError::Ui(_))));
}
