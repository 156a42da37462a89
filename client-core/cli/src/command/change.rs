//! `reply`, `edit`, `delete`, `react`: verbs that name a message.

use crate::api::{ApiError, LocalCode, MessageDelete, MessageEdit, MessageReact, MessageSend};
use chatty_protocol::MsgId;

use super::send::finish;
use crate::args::Command;
use crate::exit::Exit;
use crate::output::Output;
use crate::visit::Visit;

/// Runs one of them.
pub async fn run(output: &Output, visit: &Visit<'_>, command: &Command) -> Result<Exit, ApiError> {
    let sent = match command {
        Command::Reply {
            chat,
            message,
            text,
        } => {
            let (chat, reply_to) = (visit.conv(chat).await?, Some(id(message)?));
            let text = text.clone();
            visit
                .handle
                .call(MessageSend {
                    reply_to,
                    keep_draft: true,
                    ..MessageSend::text(chat, text)
                })
                .await?
        }
        Command::Edit {
            chat,
            message,
            text,
        } => {
            let (chat, message, text) = (visit.conv(chat).await?, id(message)?, text.clone());
            visit
                .handle
                .call(MessageEdit {
                    chat,
                    message,
                    text,
                    mentions: Vec::new(),
                })
                .await?
        }
        Command::Delete { chat, message } => {
            let (chat, message) = (visit.conv(chat).await?, id(message)?);
            visit.handle.call(MessageDelete { chat, message }).await?
        }
        Command::React {
            chat,
            message,
            emoji,
        } => {
            let (chat, message, emoji) = (visit.conv(chat).await?, id(message)?, emoji.clone());
            visit
                .handle
                .call(MessageReact {
                    chat,
                    message,
                    emoji,
                })
                .await?
        }
        _ => return Err(ApiError::new(LocalCode::Fault, "not a verb of this file")),
    };
    finish(output, visit, sent, false).await
}

/// A message id as typed.
pub fn id(text: &str) -> Result<MsgId, ApiError> {
    text.parse()
        .map_err(|_| ApiError::new(LocalCode::Invalid, "a message is named by its whole id"))
}
