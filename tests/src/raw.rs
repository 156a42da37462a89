//! Calls of an attacker who has no engine: plain HTTP.

use chatty_protocol::rest::Challenge;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A status and a body.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body of a good answer.
    pub fn good<T: DeserializeOwned>(&self) -> T {
        let text = String::from_utf8_lossy(&self.body);
        assert!(self.status < 300, "{}: {text}", self.status);
        serde_json::from_slice(&self.body).expect("the body of this call")
    }
}

/// One call below `/v1`; an empty token is none.
pub async fn call(
    origin: &str,
    method: &str,
    path: &str,
    token: &str,
    body: Option<&impl Serialize>,
) -> Answer {
    let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
    let mut request = client().request(method, format!("{origin}/v1{path}"));
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    if let Some(body) = body {
        let bytes = serde_json::to_vec(body).expect("a body");
        request = request
            .header("content-type", "application/json")
            .body(bytes);
    }
    let answer = request.send().await.expect("the relay answers");
    let status = answer.status().as_u16();
    let body = answer.bytes().await.expect("a whole body").to_vec();
    Answer { status, body }
}

/// A fresh nonce of the relay.
pub async fn challenge(origin: &str) -> Challenge {
    call(origin, "GET", "/challenge", "", None::<&()>)
        .await
        .good()
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().build().expect("a client")
}
