//! What a shell holds: the only thing of the engine that crosses threads.

use async_channel::{Receiver, Sender};
use futures::channel::oneshot;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{ApiError, Command, Event, LocalCode, Method};

/// Calls waiting for the engine; above it callers wait.
const CALLS_WAITING: usize = 64;
/// Events waiting for one listener; above it the listener gets [`Event::EventsLost`].
pub const EVENTS_WAITING: usize = 1_024;

/// What the engine's actor takes from its handles.
pub enum Request {
    /// One call. A dropped `reply` means that nobody waits any more.
    Call {
        /// What to do.
        command: Command,
        /// Where the JSON of the reply goes.
        reply: oneshot::Sender<Result<Value, ApiError>>,
    },
    /// A new listener. The engine sends with `try_send` and never waits for a listener.
    Listen {
        /// Where events go.
        events: Sender<Event>,
    },
}

/// The engine's end; closed when the last handle is dropped.
pub type RequestReceiver = Receiver<Request>;

/// A way to call the engine, cheap to clone, usable from every thread.
#[derive(Clone)]
pub struct Handle {
    requests: Sender<Request>,
}

impl Handle {
    /// A handle and the engine's end of it.
    pub fn new() -> (Self, RequestReceiver) {
        let (requests, receiver) = async_channel::bounded(CALLS_WAITING);
        (Self { requests }, receiver)
    }

    /// Calls a method.
    pub async fn call<M: Method>(&self, params: M) -> Result<M::Reply, ApiError> {
        let value = self.send(params.command()).await?;
        from_json(value)
    }

    /// Calls a method by the JSON of its name and parameters.
    pub async fn call_json(&self, method: &str, params: Value) -> Result<Value, ApiError> {
        self.send(parse(method, params)?).await
    }

    /// Calls with a command.
    pub async fn send(&self, command: Command) -> Result<Value, ApiError> {
        let (reply, answer) = oneshot::channel();
        let request = Request::Call { command, reply };
        self.requests.send(request).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// Listens to events from now on.
    pub async fn listen(&self) -> Result<Receiver<Event>, ApiError> {
        let (events, receiver) = async_channel::bounded(EVENTS_WAITING);
        let request = Request::Listen { events };
        self.requests.send(request).await.map_err(|_| stopped())?;
        Ok(receiver)
    }
}

/// Reads a call of a JSON transport.
pub fn parse(method: &str, params: Value) -> Result<Command, ApiError> {
    if !super::methods::NAMES.contains(&method) {
        return Err(ApiError::new(
            LocalCode::UnknownMethod,
            "there is no such method",
        ));
    }
    // `null` and nothing mean the same as no parameters.
    let params = match params {
        Value::Null => Value::Object(serde_json::Map::new()),
        other => other,
    };
    let call = serde_json::json!({ "method": method, "params": params });
    serde_json::from_value(call)
        .map_err(|error| ApiError::new(LocalCode::Invalid, format!("parameters: {error}")))
}

/// A reply as JSON.
pub(super) fn to_json<T: serde::Serialize>(reply: &T) -> Result<Value, ApiError> {
    serde_json::to_value(reply)
        .map_err(|_| ApiError::new(LocalCode::Fault, "a reply could not be written as JSON"))
}

fn from_json<T: DeserializeOwned>(value: Value) -> Result<T, ApiError> {
    serde_json::from_value(value)
        .map_err(|_| ApiError::new(LocalCode::Fault, "a reply is not of its method's type"))
}

fn stopped() -> ApiError {
    ApiError::new(LocalCode::Stopping, "the engine has stopped")
}

/// Fails to compile when a handle could no longer cross threads.
const _: fn() = || {
    fn is_send<T: Send + Sync>() {}
    is_send::<Handle>();
};
