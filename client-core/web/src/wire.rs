//! The messages between pages and the engine in a worker, as JSON.
//!
//! From a page: a [`Call`]. To it: an [`Answer`] per call, every event of the engine, and its
//! [`Stage`]. `ui/src/bridge/hub.ts` carries them; their types there are `protocol.ts`.

use chatty_core::api::{ApiError, Event, LocalCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One call of the API.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The page's own number; its answer carries it back.
    pub id: u32,
    /// Name of the method.
    pub method: String,
    /// Parameters; nothing is the same as none.
    #[serde(default)]
    pub params: Value,
}

/// What the engine's worker tells.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Told {
    /// An answer to a call.
    Answer(Answer),
    /// Something happened.
    Event {
        /// What.
        event: Box<Event>,
    },
    /// The engine itself moved on.
    Stage {
        /// Where it is now.
        stage: Stage,
    },
}

/// The answer to the call of that number: a reply or an error.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// Number of the call.
    pub id: u32,
    /// What the method gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Value>,
    /// Why it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Box<ApiError>>,
}

impl Answer {
    /// From what the engine said.
    pub fn new(id: u32, result: Result<Value, ApiError>) -> Self {
        match result {
            Ok(reply) => Self {
                id,
                reply: Some(reply),
                error: None,
            },
            Err(error) => Self {
                id,
                reply: None,
                error: Some(Box::new(error)),
            },
        }
    }
}

/// Where the engine is. Calls are answered with an error in all but `ready`.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "name", rename_all = "camelCase")]
pub enum Stage {
    /// Opening vault and store.
    Starting,
    /// The engine runs.
    Ready {
        /// The store is damaged: only reading works, and only offline.
        damaged: bool,
    },
    /// The engine has ended, as it was asked to.
    Stopped,
    /// It did not start, or it broke.
    Failed {
        /// Why.
        error: Box<ApiError>,
    },
}

impl Stage {
    /// What a call hears that comes at this stage.
    pub fn refusal(&self) -> ApiError {
        match self {
            Self::Failed { error } => (**error).clone(),
            Self::Starting | Self::Ready { .. } | Self::Stopped => {
                ApiError::new(LocalCode::Stopping, "the engine does not run")
            }
        }
    }
}

/// Reads a call. A message that is none gets no answer, because it has no number; `None`.
pub fn parse(text: &str) -> Option<Call> {
    serde_json::from_str(text).ok()
}

/// A message as JSON.
pub fn write(told: &Told) -> String {
    // Our own types, with text keys only: there is nothing in them that JSON could not hold.
    serde_json::to_string(told).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_read_and_anything_else_is_not() {
        let call = parse(r#"{"id":7,"method":"chat.list"}"#).expect("a call");
        assert_eq!((call.id, call.method.as_str()), (7, "chat.list"));
        assert_eq!(call.params, Value::Null);
        for text in [
            "",
            "null",
            "[]",
            r#"{"method":"chat.list"}"#,
            r#"{"id":-1,"method":"chat.list"}"#,
            r#"{"id":1,"method":"chat.list","more":1}"#,
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn every_message_to_the_page_has_one_form() {
        let answer = Answer::new(3, Ok(serde_json::json!({ "a": 1 })));
        assert_eq!(write(&Told::Answer(answer)), r#"{"id":3,"reply":{"a":1}}"#);
        let refused = Answer::new(4, Err(Stage::Stopped.refusal()));
        let text = write(&Told::Answer(refused));
        assert!(
            text.starts_with(r#"{"id":4,"error":{"code":"stopping""#),
            "{text}"
        );
        assert_eq!(
            write(&Told::Stage {
                stage: Stage::Ready { damaged: false }
            }),
            r#"{"stage":{"name":"ready","damaged":false}}"#
        );
        let event = Box::new(Event::OutboxChanged { waiting: 2 });
        assert_eq!(
            write(&Told::Event { event }),
            r#"{"event":{"event":"outbox.changed","waiting":2}}"#
        );
    }

    #[test]
    fn a_reply_of_null_is_still_a_reply() {
        let text = write(&Told::Answer(Answer::new(1, Ok(Value::Null))));
        assert_eq!(text, r#"{"id":1,"reply":null}"#);
    }
}
