//! D15: no route reads more than its cap, whatever it says of its length. The version floors of the
//! HTTP stack are held by `tests/tests/it/tidy/floors.rs`.

use chatty_protocol::{ConvId, ErrorBody, ErrorCode, limits};
use reqwest::Method;
use serde_json::Value;

use crate::kit::TestRelay;
use crate::kit::schema::{operations, takes_a_body};

use super::abuse::fill;

/// A body of one long text, and one of many short ones: valid JSON, a byte above the cap.
fn bodies() -> [Vec<u8>; 2] {
    let long = format!("\"{}\"", "x".repeat(limits::BODY_BYTES - 1));
    let many = format!("[0{}]", ",0".repeat(limits::BODY_BYTES / 2));
    [long.into_bytes(), many.into_bytes()]
}

#[tokio::test]
async fn d15_every_route_that_reads_a_body_has_the_cap() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let mut checked = 0;
    for (method, pattern) in operations() {
        let reads = takes_a_body(&method, &pattern);
        let of_conversation = pattern.contains("/conversations/") || pattern.contains("/requests/");
        let id = match of_conversation {
            true => ConvId::from_rest([7; 32]).to_string(),
            false => anna.user.to_string(),
        };
        let url = format!("{}{}", relay.base(), fill(&pattern, &id));
        let method: Method = method.parse().unwrap();
        for body in bodies() {
            assert!(body.len() > limits::BODY_BYTES);
            let request = relay
                .http
                .request(method.clone(), &url)
                .bearer_auth(&anna.first().access_token)
                .header("content-type", "application/json")
                .body(body);
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            let text = response.text().await.unwrap();
            assert!(status < 500, "{method} {pattern}: {status} {text}");
            if reads {
                assert_eq!(status, 413, "{method} {pattern}: {text}");
                let error: ErrorBody = serde_json::from_str(&text).unwrap();
                assert_eq!(error.code, ErrorCode::TooLarge);
                checked += 1;
            }
        }
    }
    assert!(checked > 30, "only {checked} routes read a body");
    let version: Value = relay.get(anna.first(), "/version").await.json();
    assert!(version.is_object(), "the relay answers on");
}
