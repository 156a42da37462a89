//! A relay that lies: scripts between an honest relay and one engine, on the frame codec and on
//! the REST answers. What it changes is what a relay's operator could change.

use chatty_core::platform::{HttpAnswer, HttpRequest};
use chatty_protocol::codec::{decode_exact, encode};
use chatty_protocol::frame::{ClientFrame, RowFrame, ServerFrame};
use chatty_protocol::rest::{B64, ClaimKeys};
use chatty_protocol::{ConvId, DeviceId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

type Down = Box<dyn FnMut(ServerFrame) -> Vec<ServerFrame> + Send>;
type Up = Box<dyn FnMut(ClientFrame) -> Vec<ClientFrame> + Send>;
type Answer = Box<dyn FnMut(&Ask, &mut HttpAnswer) + Send>;

/// A request as a script sees it.
#[derive(Clone)]
pub struct Ask {
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// Path and query below `/v1`.
    pub path: String,
    /// The body, `null` if none.
    pub body: Value,
}

impl Ask {
    /// Of a request.
    pub fn of(request: &HttpRequest) -> Self {
        let path = request.url.split_once("/v1").map_or("", |(_, path)| path);
        let body = request.body.as_deref().unwrap_or(b"null");
        Self {
            method: request.method,
            path: path.to_owned(),
            body: serde_json::from_slice(body).unwrap_or(Value::Null),
        }
    }

    /// Whether it is this call; the path without its query, `*` stands for one part.
    pub fn is(&self, method: &str, path: &str) -> bool {
        let mine = self.path.split('?').next().unwrap_or_default().split('/');
        let parts: Vec<&str> = mine.collect();
        let wanted: Vec<&str> = path.split('/').collect();
        let same = |(a, b): (&&str, &&str)| a == b || *b == "*";
        self.method == method && parts.len() == wanted.len() && parts.iter().zip(&wanted).all(same)
    }

    /// Devices of which it claims keys.
    pub fn claims(&self) -> Vec<DeviceId> {
        if !self.is("POST", "/keys/claim") {
            return Vec::new();
        }
        let body: ClaimKeys = serde_json::from_value(self.body.clone()).expect("a claim");
        body.targets.iter().map(|target| target.device).collect()
    }

    /// Whether it asks about this conversation.
    pub fn about(&self, conv: &ConvId) -> bool {
        self.path.contains(&conv.to_string())
    }
}

/// What the relay does wrong. Parts run in the order in which they were added.
#[derive(Default)]
pub struct Hostile {
    down: Vec<Down>,
    up: Vec<Up>,
    answer: Vec<Answer>,
}

impl Hostile {
    /// An honest one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes frames to the engine: none, one or many come out of one.
    #[must_use]
    pub fn down(
        mut self,
        change: impl FnMut(ServerFrame) -> Vec<ServerFrame> + Send + 'static,
    ) -> Self {
        self.down.push(Box::new(change));
        self
    }

    /// Changes frames from the engine.
    #[must_use]
    pub fn up(
        mut self,
        change: impl FnMut(ClientFrame) -> Vec<ClientFrame> + Send + 'static,
    ) -> Self {
        self.up.push(Box::new(change));
        self
    }

    /// Changes REST answers.
    #[must_use]
    pub fn answer(mut self, change: impl FnMut(&Ask, &mut HttpAnswer) + Send + 'static) -> Self {
        self.answer.push(Box::new(change));
        self
    }

    /// Changes each row of streams wherever it is shown: socket, `ready`, REST.
    #[must_use]
    pub fn rows(self, change: impl Fn(RowFrame) -> Vec<RowFrame> + Send + Clone + 'static) -> Self {
        let (in_ready, in_rest) = (change.clone(), change.clone());
        self.down(move |frame| match frame {
            ServerFrame::Row(row) => change(row).into_iter().map(ServerFrame::Row).collect(),
            ServerFrame::Ready(mut ready) => {
                for changed in &mut ready.changed {
                    changed.newest = changed
                        .newest
                        .take()
                        .and_then(|row| in_ready(row).into_iter().next());
                }
                vec![ServerFrame::Ready(ready)]
            }
            other => vec![other],
        })
        .answer(move |ask, answer| {
            if ask.is("GET", "/conversations/*/rows") {
                edit::<chatty_protocol::rest::Rows>(answer, |page| {
                    let rows = page.rows.iter().filter_map(row_of).flat_map(&in_rest);
                    page.rows = rows.map(|row| B64(encode(&row))).collect();
                });
            }
        })
    }

    pub(crate) fn on_down(&mut self, frame: ServerFrame) -> Vec<ServerFrame> {
        let start = vec![frame];
        self.down
            .iter_mut()
            .fold(start, |frames, f| frames.into_iter().flat_map(f).collect())
    }

    pub(crate) fn on_up(&mut self, frame: ClientFrame) -> Vec<ClientFrame> {
        let start = vec![frame];
        self.up
            .iter_mut()
            .fold(start, |frames, f| frames.into_iter().flat_map(f).collect())
    }

    pub(crate) fn on_answer(&mut self, ask: &Ask, answer: &mut HttpAnswer) {
        for change in &mut self.answer {
            change(ask, answer);
        }
    }
}

/// The row in a REST page.
pub fn row_of(bytes: &B64) -> Option<RowFrame> {
    decode_exact(&bytes.0).ok()
}

/// Changes the body of a good answer.
pub fn edit<T: Serialize + DeserializeOwned>(answer: &mut HttpAnswer, change: impl FnOnce(&mut T)) {
    if !(200..300).contains(&answer.status) {
        return;
    }
    let mut body: T = serde_json::from_slice(&answer.body).expect("the body of this call");
    change(&mut body);
    answer.body = serde_json::to_vec(&body).expect("a body encodes");
}
