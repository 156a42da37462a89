//! D1: forged and changed access tokens.

use chatty_protocol::ErrorCode;
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signer, SigningKey};
use reqwest::Method;
use serde_json::{Value, json};

use crate::kit::TestRelay;
use crate::kit::dice::Dice;

/// Mutations; the page's 10,000 divided by 100, each against a real relay. The rest are judged
/// without HTTP.
const OVER_HTTP: usize = 100;
const DIRECT: usize = 10_000;

async fn status(relay: &TestRelay, token: &str) -> ErrorCode {
    relay
        .call::<()>(Method::GET, "/account", token, None)
        .await
        .code()
}

fn parts(token: &str) -> (Value, Value, String) {
    let mut parts = token.split('.');
    let mut json = || {
        let bytes = BASE64URL_NOPAD
            .decode(parts.next().unwrap().as_bytes())
            .unwrap();
        serde_json::from_slice::<Value>(&bytes).unwrap()
    };
    let (header, claims) = (json(), json());
    (header, claims, parts.next().unwrap().to_owned())
}

fn encode(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    format!("{}.{}", part(header), part(claims))
}

#[tokio::test]
async fn d1_no_changed_token_is_accepted() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let token = anna.first().access_token.as_bytes();
    let mut dice = Dice::new(0x9e37_79b9_7f4a_7c15);
    for round in 0..DIRECT {
        let mut mutated = token.to_vec();
        for _ in 0..=dice.below(3) {
            let at = dice.below(mutated.len());
            match dice.below(3) {
                0 => mutated[at] = b"ABCxyz019-_."[dice.below(12)],
                1 => drop(mutated.remove(at)),
                _ => mutated.insert(at, b"Az0-_."[dice.below(6)]),
            }
        }
        if mutated == token {
            continue;
        }
        let mutated = String::from_utf8(mutated).unwrap();
        let judged = relay.app.tokens.verify(&mutated, relay.now_ms());
        assert!(judged.is_err(), "round {round}: {mutated}");
        if round < OVER_HTTP {
            assert_eq!(status(&relay, &mutated).await, ErrorCode::Unauthorised);
        }
    }
    assert_eq!(relay.get(anna.first(), "/account").await.status, 200);
}

#[tokio::test]
async fn d1_another_algorithm_is_refused() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let (header, claims, signature) = parts(&anna.first().access_token);
    for algorithm in ["none", "None", "HS256", "RS256", "ES256", "eddsa"] {
        let mut header = header.clone();
        header["alg"] = json!(algorithm);
        for end in ["", signature.as_str(), "AAAA"] {
            let token = format!("{}.{end}", encode(&header, &claims));
            assert_eq!(
                status(&relay, &token).await,
                ErrorCode::Unauthorised,
                "{algorithm}"
            );
        }
    }
    // A key that the token brings along is not looked at.
    let mine = SigningKey::from_bytes(&[7; 32]);
    let mut header = header.clone();
    header["jwk"] = json!({"kty": "OKP", "crv": "Ed25519",
        "x": BASE64URL_NOPAD.encode(mine.verifying_key().as_bytes())});
    let text = encode(&header, &claims);
    let signed = BASE64URL_NOPAD.encode(&mine.sign(text.as_bytes()).to_bytes());
    assert_eq!(
        status(&relay, &format!("{text}.{signed}")).await,
        ErrorCode::Unauthorised
    );
}

/// Signs claims with the relay's own key, read from its secrets: what a thief of a backup with
/// keys could do at most, and the only way to show what the claims' rules refuse.
fn sign_like_the_relay(relay: &TestRelay, header: &Value, claims: &Value) -> String {
    let secrets = std::fs::read(relay.app.config.data.join("relay.secrets")).unwrap();
    let seed: [u8; 32] = secrets[40..72].try_into().unwrap();
    let text = encode(header, claims);
    let signature = SigningKey::from_bytes(&seed)
        .sign(text.as_bytes())
        .to_bytes();
    format!("{text}.{}", BASE64URL_NOPAD.encode(&signature))
}

#[tokio::test]
async fn d1_every_claim_is_required_typed_and_judged() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let (header, claims, _) = parts(&anna.first().access_token);
    let fair = sign_like_the_relay(&relay, &header, &claims);
    assert_eq!(
        relay
            .call::<()>(Method::GET, "/account", &fair, None)
            .await
            .status,
        200
    );
    for claim in [
        "exp", "iat", "nbf", "iss", "aud", "sub", "sid", "did", "scope",
    ] {
        let mut without = claims.clone();
        without.as_object_mut().unwrap().remove(claim);
        let token = sign_like_the_relay(&relay, &header, &without);
        assert_eq!(
            status(&relay, &token).await,
            ErrorCode::Unauthorised,
            "without {claim}"
        );
    }
    let now = relay.now_ms() / 1_000;
    let wrong = [
        ("exp", json!("9999999999")),
        ("exp", json!(1e20)),
        ("exp", json!(now + 601)),
        ("nbf", json!(now + 60)),
        ("nbf", json!("0")),
        ("iat", json!(now + 60)),
        ("iss", json!("https://other.example")),
        ("aud", json!("https://other.example")),
        ("sub", json!("nobody")),
        ("sid", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ("did", json!(null)),
        ("did", json!("daibqaaaaaaaaaaaaaaaaaaaaaaaa")),
        ("scope", json!("admin")),
        ("extra", json!(true)),
    ];
    for (claim, value) in wrong {
        let mut changed = claims.clone();
        changed[claim] = value.clone();
        let token = sign_like_the_relay(&relay, &header, &changed);
        let code = status(&relay, &token).await;
        assert_eq!(code, ErrorCode::Unauthorised, "{claim} = {value}");
    }
    let mut other_key = header.clone();
    other_key["kid"] = json!("AAAAAAAAAAA");
    let token = sign_like_the_relay(&relay, &other_key, &claims);
    assert_eq!(status(&relay, &token).await, ErrorCode::Unauthorised);
}

/// Checks a token with nothing of ours: Node's OpenSSL, base64url and JSON.
const FOREIGN: &str = r#"
const crypto = require('crypto');
const { token, x } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const [header, claims, signature] = token.split('.');
const key = crypto.createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
const good = crypto.verify(null, Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'));
const read = (part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
console.log(JSON.stringify({ good, header: read(header), claims: read(claims) }));
"#;

fn ask_node(token: &str, x: &str) -> Value {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut node = Command::new("node")
        .args(["-e", FOREIGN])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node, which the house needs anyway");
    let question = json!({"token": token, "x": x}).to_string();
    node.stdin
        .take()
        .unwrap()
        .write_all(question.as_bytes())
        .unwrap();
    serde_json::from_slice(&node.wait_with_output().unwrap().stdout).unwrap()
}

#[tokio::test]
async fn d1_another_language_reads_our_tokens() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let secrets = std::fs::read(relay.app.config.data.join("relay.secrets")).unwrap();
    let seed: [u8; 32] = secrets[40..72].try_into().unwrap();
    let public = SigningKey::from_bytes(&seed).verifying_key();
    let x = BASE64URL_NOPAD.encode(public.as_bytes());
    let token = anna.first().access_token.clone();
    let read = ask_node(&token, &x);
    assert_eq!(
        (&read["good"], &read["header"]["alg"]),
        (&json!(true), &json!("EdDSA"))
    );
    assert_eq!(read["claims"]["sub"], anna.user.to_string());
    assert_eq!(read["claims"]["iss"], relay.origin());
    let life = read["claims"]["exp"].as_u64().unwrap() - read["claims"]["iat"].as_u64().unwrap();
    assert_eq!(life, 600);
    let (head, signature) = token.rsplit_once('.').unwrap();
    let mut bytes = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    bytes[10] ^= 1;
    let forged = format!("{head}.{}", BASE64URL_NOPAD.encode(&bytes));
    assert_eq!(ask_node(&forged, &x)["good"], json!(false));
}
