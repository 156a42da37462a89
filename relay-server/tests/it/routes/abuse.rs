//! Malformed requests over every route. No 5xx, no trace of the inside.

use data_encoding::BASE64URL_NOPAD;
use reqwest::{Method, StatusCode};

use crate::kit::TestRelay;
use crate::kit::schema::operations;

/// Bodies that no route wants.
fn bodies() -> Vec<Vec<u8>> {
    let deep = [b"[".repeat(5_000), b"]".repeat(5_000)].concat();
    let texts: [&[u8]; 17] = [
        b"",
        b"{",
        b"{}",
        b"[]",
        b"null",
        b"0",
        b"\"\"",
        b"\xff\xfe",
        b"{\"entry\":\"\"}",
        b"{\"entry\":\"AAAA\",\"expect_seq\":-1}",
        b"{\"entry\":\"AAAA\",\"expect_seq\":99999999999999999999}",
        b"{\"users\":[\"u\"],\"targets\":[{}],\"keys\":[\"====\"]}",
        b"{\"login\":\"a\\u0000b\",\"password\":\"\"}",
        b"{\"handle\":\"'; DROP TABLE account;--\",\"email\":\"a@b.c\",\"password\":\"x\",\"entry\":\"AA\"}",
        b"{\"code\":\"%s%n%x\",\"token\":\"../../etc/passwd\",\"password\":\"\\ud800\"}",
        b"{\"refresh_token\":\"AAAA\",\"proof\":{\"nonce\":\"\",\"device\":\"d\",\"time\":0,\"sig\":\"\"}}",
        b"{\"m1\":\"gICA\",\"frame\":\"gICA\",\"statement\":\"gICA\",\"create\":\"gICA\"}",
    ];
    let mut bodies: Vec<Vec<u8>> = texts.iter().map(|text| text.to_vec()).collect();
    bodies.push(deep);
    bodies.push(vec![b'a'; 300 * 1024]);
    bodies
}

/// What is put in place of a path parameter.
const NAMES: [&str; 6] = ["x", "%00", "..%2f..%2fetc", "%f0%9f%98%80", "uaaaa", "-1"];
/// What follows the path.
const QUERIES: [&str; 4] = [
    "",
    "?limit=-1&from=x",
    "?after=1&before=1",
    "?cursor=%ff&since=1e9",
];

pub(super) fn fill(path: &str, name: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { name } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn test_16_malformed_requests_get_no_5xx() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let wrong = BASE64URL_NOPAD.encode(&[7; 300]);
    let mut sent = 0_u32;
    for (method, pattern) in operations() {
        let method: Method = method.parse().unwrap();
        for (index, body) in bodies().into_iter().enumerate() {
            let path = fill(&pattern, NAMES[index % NAMES.len()]);
            let url = format!("{}{path}{}", relay.base(), QUERIES[index % QUERIES.len()]);
            for token in ["", &wrong, &anna.first().access_token] {
                let mut request = relay.http.request(method.clone(), &url).body(body.clone());
                if !token.is_empty() {
                    request = request.bearer_auth(token);
                }
                if index % 3 != 0 {
                    request = request.header("content-type", "application/json");
                }
                let response = request.send().await.unwrap();
                sent += 1;
                let status = response.status();
                assert!(
                    !status.is_server_error(),
                    "{method} {path} body {index}: {status}"
                );
                let text = response.text().await.unwrap();
                for inside in ["panicked", "rusqlite", "SELECT", ".rs:", "serde"] {
                    assert!(!text.contains(inside), "{method} {path}: {text}");
                }
            }
        }
    }
    println!("test 16: {sent} malformed requests, 0 answers of 5xx");
    assert!(sent > 2_500);
    assert_eq!(relay.get(anna.first(), "/account").await.status, 200);
}

#[tokio::test]
async fn every_documented_route_is_mounted_and_guarded() {
    let relay = TestRelay::start().await;
    let open = [
        "/accounts",
        "/account/reset",
        "/account/reset/confirm",
        "/challenge",
    ];
    let open = [
        &open[..],
        &["/sessions", "/sessions/refresh", "/limits", "/version"],
    ]
    .concat();
    for (method, pattern) in operations() {
        let path = fill(&pattern, "x");
        let url = format!("{}{path}", relay.base());
        let request = relay.http.request(method.parse().unwrap(), url);
        let status = request.send().await.unwrap().status();
        let is_open = open.iter().any(|route| path == format!("/v1{route}"));
        assert_eq!(
            status != StatusCode::UNAUTHORIZED,
            is_open,
            "{method} {path}: {status}"
        );
        assert_ne!(status, StatusCode::NOT_FOUND, "{method} {path}");
    }
}

#[tokio::test]
async fn the_document_and_the_other_pages_answer() {
    let relay = TestRelay::start().await;
    for (path, kind, holds) in [
        ("/openapi.json", "application/json", "\"/v1/accounts\""),
        (
            "/metrics",
            "application/openmetrics-text",
            "chatty_store_commits",
        ),
        ("/healthz", "text/plain", "ok"),
        ("/readyz", "text/plain", "ready"),
        (
            "/.well-known/chatty",
            "application/json",
            "\"versions\":[1]",
        ),
        ("/v1/version", "application/json", "chatty-relay"),
        ("/v1/limits", "application/json", "log_ins_per_account"),
    ] {
        let response = relay
            .http
            .get(format!("{}{path}", relay.base()))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let headers = response.headers().clone();
        assert!(
            headers["content-type"].to_str().unwrap().starts_with(kind),
            "{path}"
        );
        assert!(headers.contains_key("x-request-id"), "{path}");
        assert!(response.text().await.unwrap().contains(holds), "{path}");
    }
}
