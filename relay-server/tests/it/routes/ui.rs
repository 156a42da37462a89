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
    std::fs::write(ui.join("assets/main-1a2b.js.br"), "packed by brotli").unwrap();
    std::fs::write(ui.join("assets/main-1a2b.js.gz"), "packed by gzip").unwrap();
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
            "style-src 'self';",
            "require-trusted-types-for 'script'",
        ] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("http"));
        assert!(header("permissions-policy").contains("geolocation=()"));
    }
}

/// One answer to a request with these headers.
async fn ask(relay: &TestRelay, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    let request = relay.http.get(format!("{}{path}", relay.base()));
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    request.send().await.unwrap()
}

/// What a browser sends when a person opens an address.
const PERSON: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

#[tokio::test]
async fn every_address_of_the_screens_gives_the_page_and_no_other_does() {
    let dir = folder();
    let relay = serving(dir.path()).await;
    for path in ["/", "/chats", "/c/c4abc?at=m1", "/i/ann", "/v1x", "/notes"] {
        let answer = ask(&relay, path, &[PERSON]).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers()["cache-control"], "no-cache");
        assert_eq!(answer.text().await.unwrap(), "<!doctype html>");
    }
    for path in [
        "/v1",
        "/v1/nothing",
        "/assets/main-old.js",
        "/.well-known/nothing",
    ] {
        let answer = ask(&relay, path, &[PERSON]).await;
        assert_eq!(answer.status(), 404, "{path}");
    }
    // A program that follows a wrong address is told so.
    let program = ask(&relay, "/chats", &[("accept", "*/*")]).await;
    assert_eq!(program.status(), 404);
    let url = format!("{}/chats", relay.base());
    let posted = relay.http.post(url).header(PERSON.0, PERSON.1);
    assert_eq!(posted.send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn packed_files_go_to_those_who_take_them() {
    let dir = folder();
    let relay = serving(dir.path()).await;
    for (takes, packing, content) in [
        ("gzip, deflate, br, zstd", Some("br"), "packed by brotli"),
        ("gzip", Some("gzip"), "packed by gzip"),
        ("br;q=0, gzip;q=0.5", Some("gzip"), "packed by gzip"),
        ("identity", None, "export {}"),
        ("brand, gzipped", None, "export {}"),
    ] {
        let answer = ask(
            &relay,
            "/assets/main-1a2b.js",
            &[("accept-encoding", takes)],
        )
        .await;
        let headers = answer.headers();
        let found = headers
            .get("content-encoding")
            .map(|word| word.to_str().unwrap());
        assert_eq!(found, packing, "{takes}");
        assert!(
            headers["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/javascript")
        );
        assert!(
            headers["vary"]
                .to_str()
                .unwrap()
                .contains("accept-encoding")
        );
        assert_eq!(answer.text().await.unwrap(), content);
    }
    // They are no files of their own.
    let answer = ask(&relay, "/assets/main-1a2b.js.br", &[]).await;
    assert_eq!(answer.status(), 404);
}

#[tokio::test]
async fn a_page_that_did_not_change_is_not_sent_again() {
    let dir = folder();
    let relay = serving(dir.path()).await;
    let first = ask(&relay, "/", &[PERSON]).await;
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    let again = ask(&relay, "/chats", &[PERSON, ("if-none-match", &tag)]).await;
    assert_eq!(again.status(), 304);
    assert_eq!(again.text().await.unwrap(), "");
    let other = ask(&relay, "/", &[PERSON, ("if-none-match", "W/\"older\"")]).await;
    assert_eq!(other.status(), 200);
}

#[tokio::test]
async fn what_is_served_can_be_compared_with_a_build() {
    let dir = folder();
    let relay = serving(dir.path()).await;
    let path = "/.well-known/chatty/ui-hashes.json";
    let told: serde_json::Value = ask(&relay, path, &[]).await.json().await.unwrap();
    let files = told["files"].as_object().unwrap();
    let names: Vec<&String> = files.keys().collect();
    assert_eq!(
        names,
        [
            "assets/engine-1a2b.wasm",
            "assets/main-1a2b.js",
            "index.html"
        ]
    );
    // `printf '<!doctype html>' | sha256sum`
    assert_eq!(
        files["index.html"],
        "fe26c59e91ac8de694b2531dc3bdc1b7faf471d3d7e4e00870af60f5f22897cb"
    );
    let none = ask(&TestRelay::start().await, path, &[]).await;
    assert_eq!(none.status(), 404);
}

/// D14: pages of another origin get no answer of the API.
#[tokio::test]
async fn a_foreign_page_cannot_use_the_api() {
    let dir = folder();
    let relay = serving(dir.path()).await;
    for (origin, status) in [
        (relay.app.origin.as_str(), 200),
        ("https://elsewhere.example", 403),
        ("null", 403),
    ] {
        let answer = ask(&relay, "/v1/version", &[("origin", origin)]).await;
        assert_eq!(answer.status(), status, "{origin}");
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
