//! The API list: names, JSON shapes, and the committed TypeScript client.

use chatty_core::api::{self, ApiError, Code, LocalCode, Secret, handle, methods, typescript};
use serde_json::json;

const BINDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/bindings/chatty.ts");

#[test]
fn the_committed_typescript_client_is_the_one_of_this_list() {
    let now = typescript::client();
    assert!(!now.contains("bigint"), "a number does not fit JavaScript");
    if std::env::var_os("CHATTY_UPDATE").is_some() {
        std::fs::write(BINDINGS, &now).unwrap();
    }
    let committed = std::fs::read_to_string(BINDINGS).unwrap_or_default();
    assert!(
        committed == now,
        "client-core/bindings/chatty.ts is out of date; run with CHATTY_UPDATE=1"
    );
}

#[test]
fn every_method_stands_in_the_client_once() {
    let client = typescript::client();
    for name in methods::NAMES {
        assert_eq!(
            client.matches(&format!("\"{name}\": {{ params")).count(),
            1,
            "{name}"
        );
    }
    let mut sorted = methods::NAMES.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), methods::NAMES.len());
}

#[test]
fn calls_are_parsed_or_refused_with_a_code() {
    let call = handle::parse("chat.list", json!(null)).unwrap();
    assert_eq!(call.name(), "chat.list");
    let refused = |method: &str, params| handle::parse(method, params).unwrap_err().code;
    assert_eq!(
        refused("chat.destroy", json!({})),
        Code::Local(LocalCode::UnknownMethod)
    );
    for params in [
        json!({}),
        json!({"code": 123456}),
        json!({"code": "1", "x": 1}),
    ] {
        assert_eq!(
            refused("account.verify_email", params),
            Code::Local(LocalCode::Invalid)
        );
    }
}

#[test]
fn an_error_has_the_four_fields_of_the_contract() {
    let error = ApiError::new(chatty_protocol::ErrorCode::RateLimited, "too many")
        .hint("wait")
        .retry_after(1_500);
    assert_eq!(
        serde_json::to_value(&error).unwrap(),
        json!({"code": "rate_limited", "message": "too many", "hint": "wait", "retry_after_ms": 1500})
    );
    let back: ApiError =
        serde_json::from_value(json!({"code": "vault_locked", "message": "m", "hint": "h"}))
            .unwrap();
    assert!(back.is(LocalCode::VaultLocked));
}

#[test]
fn codes_of_engine_and_relay_never_collide() {
    for code in chatty_protocol::ErrorCode::ALL {
        assert!(code.as_str().parse::<LocalCode>().is_err(), "{code}");
    }
}

#[test]
fn secrets_are_not_printed() {
    let sign_up = api::account::AccountSignUp {
        relay: "https://a".into(),
        handle: "ada".into(),
        email: "a@b".into(),
        password: Secret::new("correct horse"),
        device_name: None,
    };
    assert!(!format!("{sign_up:?}").contains("horse"));
}
