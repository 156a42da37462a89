//! The REST calls of a device.

use chatty_protocol::conversation_log::ConvEntry;
use chatty_protocol::rest::{
    AppendConvEntry, ConversationCreated, ConversationLog, CreateConversation, EntryAppended, Rows,
};
use chatty_protocol::sign::Signed;
use chatty_protocol::{ConvId, ErrorBody, ErrorCode};
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Chat;
use super::person::{Device, Person};
use super::relay::TestRelay;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json<T: DeserializeOwned>(&self) -> T {
        let text = String::from_utf8_lossy(&self.body);
        assert!(self.status < 300, "status {}: {text}", self.status);
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {text}"))
    }

    pub fn error(&self) -> ErrorBody {
        let text = String::from_utf8_lossy(&self.body);
        assert!(self.status >= 400, "status {}: {text}", self.status);
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {text}"))
    }

    pub fn code(&self) -> ErrorCode {
        self.error().code
    }
}

impl TestRelay {
    /// Any call; `token` empty = none.
    pub async fn call<B: Serialize>(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<&B>,
    ) -> Answer {
        let url = format!("{}/v1{path}", self.base());
        let mut request = self.http.request(method.clone(), url);
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        self.read(&method, path, request.send().await.unwrap())
            .await
    }

    /// Takes an answer in, after holding it against the OpenAPI document.
    pub async fn read(&self, method: &Method, path: &str, response: reqwest::Response) -> Answer {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = response.bytes().await.unwrap().to_vec();
        let kind = headers
            .get("content-type")
            .map(|kind| kind.to_str().unwrap());
        super::schema::check(method.as_str(), &format!("/v1{path}"), status, kind, &body);
        if matches!(status, 429 | 503) {
            assert!(
                headers.contains_key("retry-after"),
                "{method} {path}: no retry-after"
            );
        }
        Answer { status, body }
    }

    /// The page that the operator's monitoring reads.
    pub async fn metrics(&self) -> String {
        let url = format!("{}/metrics", self.base());
        self.http
            .get(url)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    }

    pub async fn get(&self, device: &Device, path: &str) -> Answer {
        self.call::<()>(Method::GET, path, &device.access_token, None)
            .await
    }

    pub async fn post<B: Serialize>(&self, device: &Device, path: &str, body: &B) -> Answer {
        self.call(Method::POST, path, &device.access_token, Some(body))
            .await
    }

    pub async fn put(&self, device: &Device, path: &str) -> Answer {
        self.call::<()>(Method::PUT, path, &device.access_token, None)
            .await
    }

    pub async fn delete(&self, device: &Device, path: &str) -> Answer {
        self.call::<()>(Method::DELETE, path, &device.access_token, None)
            .await
    }

    pub async fn create(&self, device: &Device, entry: &Signed<ConvEntry>) -> Answer {
        let body = CreateConversation {
            create: entry.to_bytes().into(),
        };
        self.post(device, "/conversations", &body).await
    }

    pub async fn append(
        &self,
        device: &Device,
        conv: &ConvId,
        expect_seq: u64,
        entry: &Signed<ConvEntry>,
    ) -> Answer {
        let body = AppendConvEntry {
            entry: entry.to_bytes().into(),
            expect_seq,
        };
        self.post(device, &format!("/conversations/{conv}/log"), &body)
            .await
    }

    /// Creates a direct conversation that the other side has not joined.
    pub async fn request(&self, from: &Person, to: &Person) -> Chat {
        let chat = Chat::direct(from, to, self.origin());
        let answer = self.create(from.first(), &chat.entries[0]).await;
        let created: ConversationCreated = answer.json();
        assert_eq!((created.conv, created.seq), (chat.conv, 1));
        chat
    }

    /// Appends the next entry of a conversation; returns its stream number.
    pub async fn act(
        &self,
        chat: &mut Chat,
        person: &Person,
        op: chatty_protocol::conversation_log::ConvOp,
    ) -> u64 {
        let entry = chat.next(person, op);
        let seq = chat.state.head.seq + 1;
        let answer = self.append(person.first(), &chat.conv, seq, &entry).await;
        chat.apply(&entry);
        answer.json::<EntryAppended>().seq
    }

    /// A direct conversation with both as members.
    pub async fn direct(&self, from: &Person, to: &Person) -> Chat {
        let mut chat = self.request(from, to).await;
        let join = chat.join_op(to);
        assert_eq!(self.act(&mut chat, to, join).await, 2);
        chat
    }

    /// A group of everybody, all joined.
    pub async fn group(&self, people: &[&Person]) -> Chat {
        use chatty_protocol::conversation_log::ConvOp;
        let mut chat = Chat::group(people[0], self.origin());
        let answer = self.create(people[0].first(), &chat.entries[0]).await;
        answer.json::<ConversationCreated>();
        let users: Vec<_> = people[1..].iter().map(|person| person.user).collect();
        if users.is_empty() {
            return chat;
        }
        self.act(&mut chat, people[0], ConvOp::Invite { users })
            .await;
        for person in &people[1..] {
            let join = chat.join_op(person);
            self.act(&mut chat, person, join).await;
        }
        chat
    }

    pub async fn log_page(&self, device: &Device, chat: &Chat, query: &str) -> Answer {
        let path = format!("/conversations/{}/log{query}", chat.conv);
        self.get(device, &path).await
    }

    pub async fn whole_log(&self, device: &Device, chat: &Chat) -> ConversationLog {
        self.log_page(device, chat, "").await.json()
    }

    pub async fn rows(&self, device: &Device, chat: &Chat, query: &str) -> Rows {
        let path = format!("/conversations/{}/rows{query}", chat.conv);
        self.get(device, &path).await.json()
    }
}
