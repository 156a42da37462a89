//! The relay's REST interface, typed: one small function per call, no state.

use chatty_protocol::rest as body;
use chatty_protocol::{ConvId, ErrorBody, ErrorCode, UserId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::engine::Fault;
use crate::platform::{HttpAnswer, HttpRequest, NetError, Platform};

/// Longest wait for an answer: sign-up and log-in hash a password and may queue.
const REST_TIMEOUT_MS: u64 = 30_000;

/// Where the relay is and who asks.
#[derive(Clone, Copy)]
pub struct Rest<'a> {
    /// The machine below.
    pub platform: &'a dyn Platform,
    /// Canonical origin of the relay.
    pub origin: &'a str,
    /// The user does not want the network: every call fails as if there was none.
    pub offline: bool,
    /// Access token; none for the calls that need none.
    pub token: Option<&'a str>,
}

/// Answer without a body that matters.
#[derive(Debug, serde::Deserialize)]
pub struct Empty {}

impl Rest<'_> {
    /// One call. Whatever is not a 2xx answer is a [`Fault`].
    pub async fn call<T: DeserializeOwned>(
        &self,
        method: &'static str,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<T, Fault> {
        let request = HttpRequest {
            method,
            url: format!("{}/v1{path}", self.origin),
            bearer: self.token.map(str::to_owned),
            body,
            timeout_ms: REST_TIMEOUT_MS,
        };
        self.ask(request).await
    }

    async fn ask<T: DeserializeOwned>(&self, request: HttpRequest) -> Result<T, Fault> {
        if self.offline {
            return Err(Fault::Network(NetError::Offline));
        }
        let answer = self.platform.http(request).await.map_err(Fault::Network)?;
        read_answer(&answer)
    }

    /// `GET /.well-known/chatty`, outside `/v1`.
    pub async fn well_known(&self) -> Result<body::WellKnown, Fault> {
        let request = HttpRequest {
            method: "GET",
            url: format!("{}/.well-known/chatty", self.origin),
            bearer: None,
            body: None,
            timeout_ms: REST_TIMEOUT_MS,
        };
        self.ask(request).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Fault> {
        self.call("GET", path, None).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: &'static str,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Fault> {
        self.call(method, path, Some(json(body)?)).await
    }
}

/// What is said of an answer that is not in the protocol.
const FOREIGN: &str = "The answer is none of a Chatty server.";

fn json(body: &impl Serialize) -> Result<Vec<u8>, Fault> {
    serde_json::to_vec(body).map_err(|_| Fault::Bug("a request body does not encode"))
}

fn read_answer<T: DeserializeOwned>(answer: &HttpAnswer) -> Result<T, Fault> {
    let (status, bytes) = (answer.status, answer.body.as_slice());
    if (200..300).contains(&status) {
        let bytes = if bytes.is_empty() { b"{}" } else { bytes };
        return serde_json::from_slice(bytes).map_err(|_| Fault::BadRelay(FOREIGN));
    }
    // A proxy in front may answer without our body. What it says of load is believed; that
    // somebody is unknown or a session is over only the relay itself can say.
    let mut problem = match serde_json::from_slice::<ErrorBody>(bytes) {
        Ok(problem) => problem,
        Err(_) if status >= 500 => return Err(Fault::Network(NetError::Unreachable)),
        Err(_) if status == 429 => ErrorBody::new(ErrorCode::RateLimited),
        Err(_) if status == 413 => ErrorBody::new(ErrorCode::TooLarge),
        Err(_) => return Err(Fault::BadRelay(FOREIGN)),
    };
    problem.retry_after_ms = problem.retry_after_ms.or(answer.retry_after_ms);
    Err(Fault::Refused(Box::new(problem)))
}

/// Accounts and sessions.
impl Rest<'_> {
    /// `POST /accounts`
    pub async fn sign_up(&self, body: &body::SignUp) -> Result<body::SignedUp, Fault> {
        self.send("POST", "/accounts", body).await
    }

    /// `GET /account`
    pub async fn me(&self) -> Result<body::Me, Fault> {
        self.get("/account").await
    }

    /// `DELETE /account`
    pub async fn delete_account(&self, body: &body::DeleteAccount) -> Result<Empty, Fault> {
        self.send("DELETE", "/account", body).await
    }

    /// `POST /email/verify`
    pub async fn verify_email(&self, code: &str) -> Result<Empty, Fault> {
        let body = body::VerifyEmail {
            code: code.to_owned(),
        };
        self.send("POST", "/email/verify", &body).await
    }

    /// `POST /email/resend`
    pub async fn resend_email(&self) -> Result<Empty, Fault> {
        self.call("POST", "/email/resend", None).await
    }

    /// `GET /challenge`
    pub async fn challenge(&self) -> Result<body::Challenge, Fault> {
        self.get("/challenge").await
    }

    /// `POST /sessions`
    pub async fn log_in(&self, body: &body::LogIn) -> Result<body::LoggedIn, Fault> {
        self.send("POST", "/sessions", body).await
    }

    /// `POST /sessions/refresh`
    pub async fn refresh(&self, body: &body::Refresh) -> Result<body::Tokens, Fault> {
        self.send("POST", "/sessions/refresh", body).await
    }

    /// `DELETE /sessions/{sid}`
    pub async fn log_out(&self, sid: &str) -> Result<Empty, Fault> {
        self.call("DELETE", &format!("/sessions/{sid}"), None).await
    }

    /// `PUT /account/password`
    pub async fn change_password(&self, body: &body::ChangePassword) -> Result<Empty, Fault> {
        self.send("PUT", "/account/password", body).await
    }

    /// `POST /account/reset`
    pub async fn reset_password(&self, email: &str) -> Result<Empty, Fault> {
        let body = body::ResetPassword {
            email: email.to_owned(),
        };
        self.send("POST", "/account/reset", &body).await
    }

    /// `POST /account/reset/confirm`
    pub async fn confirm_reset(&self, body: &body::ConfirmReset) -> Result<Empty, Fault> {
        self.send("POST", "/account/reset/confirm", body).await
    }

    /// `GET /account/waits`
    pub async fn waits(&self) -> Result<body::Waits, Fault> {
        self.get("/account/waits").await
    }

    /// `DELETE /account/waits/{kind}`
    pub async fn veto(&self, kind: &str) -> Result<Empty, Fault> {
        self.call("DELETE", &format!("/account/waits/{kind}"), None)
            .await
    }

    /// `POST /tickets`
    pub async fn ticket(&self) -> Result<body::Ticket, Fault> {
        self.call("POST", "/tickets", None).await
    }
}

/// People, devices, keys, links.
impl Rest<'_> {
    /// `GET /users/by-handle/{h}`
    pub async fn by_handle(&self, handle: &str) -> Result<body::FoundUser, Fault> {
        self.get(&format!("/users/by-handle/{handle}")).await
    }

    /// `GET /users/{id}/log`
    pub async fn user_log(
        &self,
        user: &UserId,
        from: u64,
        branch: Option<u64>,
    ) -> Result<body::LogPage, Fault> {
        let branch = branch.map_or_else(String::new, |branch| format!("&branch={branch}"));
        self.get(&format!("/users/{user}/log?from={from}{branch}"))
            .await
    }

    /// `POST /users/heads`
    pub async fn heads(&self, users: Vec<UserId>) -> Result<body::UserHeads, Fault> {
        self.send("POST", "/users/heads", &body::HeadsQuery { users })
            .await
    }

    /// `POST /users/me/log`
    pub async fn append_device_entry(
        &self,
        entry: Vec<u8>,
        expect_seq: u64,
    ) -> Result<Empty, Fault> {
        let body = body::AppendDeviceEntry {
            entry: entry.into(),
            expect_seq,
        };
        self.send("POST", "/users/me/log", &body).await
    }

    /// `GET /users/{id}/statement`
    pub async fn statement(&self, user: &UserId) -> Result<body::StatementBody, Fault> {
        self.get(&format!("/users/{user}/statement")).await
    }

    /// `PUT /users/{id}/statement`
    pub async fn put_statement(&self, user: &UserId, statement: Vec<u8>) -> Result<Empty, Fault> {
        let body = body::StatementBody {
            statement: statement.into(),
        };
        self.send("PUT", &format!("/users/{user}/statement"), &body)
            .await
    }

    /// `GET /devices`
    pub async fn devices(&self) -> Result<body::OwnDevices, Fault> {
        self.get("/devices").await
    }

    /// `PUT /keys`
    pub async fn put_keys(&self, keys: &[Vec<u8>]) -> Result<body::KeyCount, Fault> {
        let keys = keys.iter().map(|key| key.clone().into()).collect();
        self.send("PUT", "/keys", &body::PutKeys { keys }).await
    }

    /// `GET /keys/count`
    pub async fn key_count(&self) -> Result<body::KeyCount, Fault> {
        self.get("/keys/count").await
    }

    /// `POST /keys/claim`
    pub async fn claim(&self, body: &body::ClaimKeys) -> Result<body::ClaimedKeys, Fault> {
        self.send("POST", "/keys/claim", body).await
    }

    /// `POST /links`
    pub async fn open_link(&self, m1: Vec<u8>) -> Result<body::LinkOpened, Fault> {
        self.send("POST", "/links", &body::OpenLink { m1: m1.into() })
            .await
    }

    /// `GET /links`
    pub async fn links(&self) -> Result<body::Links, Fault> {
        self.get("/links").await
    }

    /// `POST /links/{id}/frames`
    pub async fn put_link_frame(&self, id: &str, frame: Vec<u8>) -> Result<Empty, Fault> {
        let body = body::PutFrame {
            frame: frame.into(),
        };
        self.send("POST", &format!("/links/{id}/frames"), &body)
            .await
    }

    /// `GET /links/{id}/frames`
    pub async fn link_frames(&self, id: &str) -> Result<body::Frames, Fault> {
        self.get(&format!("/links/{id}/frames")).await
    }
}

/// Conversations.
impl Rest<'_> {
    /// `POST /conversations`
    pub async fn create_conversation(
        &self,
        create: Vec<u8>,
    ) -> Result<body::ConversationCreated, Fault> {
        let body = body::CreateConversation {
            create: create.into(),
        };
        self.send("POST", "/conversations", &body).await
    }

    /// `GET /conversations`
    pub async fn conversations(&self, cursor: Option<&str>) -> Result<body::Conversations, Fault> {
        let query = cursor.map_or_else(String::new, |cursor| format!("?cursor={cursor}"));
        self.get(&format!("/conversations{query}")).await
    }

    /// `GET /conversations/{id}/log`
    pub async fn conversation_log(
        &self,
        conv: &ConvId,
        from: u64,
    ) -> Result<body::ConversationLog, Fault> {
        self.get(&format!("/conversations/{conv}/log?from={from}"))
            .await
    }

    /// `POST /conversations/{id}/log`
    pub async fn append_conversation_entry(
        &self,
        conv: &ConvId,
        entry: Vec<u8>,
        expect_seq: u64,
    ) -> Result<body::EntryAppended, Fault> {
        let body = body::AppendConvEntry {
            entry: entry.into(),
            expect_seq,
        };
        self.send("POST", &format!("/conversations/{conv}/log"), &body)
            .await
    }

    /// `GET /conversations/{id}/rows?before=`
    pub async fn rows_before(
        &self,
        conv: &ConvId,
        before: u64,
        limit: usize,
    ) -> Result<body::Rows, Fault> {
        self.get(&format!(
            "/conversations/{conv}/rows?before={before}&limit={limit}"
        ))
        .await
    }

    /// `GET /conversations/{id}/marks`
    pub async fn marks(&self, conv: &ConvId, since: u64) -> Result<body::Marks, Fault> {
        self.get(&format!("/conversations/{conv}/marks?since={since}"))
            .await
    }

    /// `DELETE /requests/{conv}`
    pub async fn hide_request(&self, conv: &ConvId) -> Result<Empty, Fault> {
        self.call("DELETE", &format!("/requests/{conv}"), None)
            .await
    }

    /// `PUT` or `DELETE /blocks/{user}`
    pub async fn set_block(&self, user: &UserId, blocked: bool) -> Result<Empty, Fault> {
        let method = if blocked { "PUT" } else { "DELETE" };
        self.call(method, &format!("/blocks/{user}"), None).await
    }
}
