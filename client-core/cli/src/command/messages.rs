//! `messages`: a page of a chat, oldest first.

use crate::api::{ApiError, Message, MessageList};

use super::change::id;
use crate::exit::Exit;
use crate::output::{Output, plain, time};
use crate::visit::Visit;

/// Prints the newest page, or the one before a message.
pub async fn run(
    output: &Output,
    visit: &Visit<'_>,
    chat: &str,
    limit: u64,
    before: Option<&str>,
) -> Result<Exit, ApiError> {
    let chat = visit.conv(chat).await?;
    let before = before.map(id).transpose()?;
    let messages = visit
        .handle
        .call(MessageList {
            chat,
            limit,
            before,
        })
        .await?;
    output.rows(&messages, "No messages yet.", text);
    Ok(Exit::Done)
}

/// The row for people.
pub fn text(message: &Message) -> String {
    let from = message.from.to_string();
    let from = from.get(..9).unwrap_or(&from);
    let body = match (&message.text, message.deleted) {
        (_, true) => "(deleted)".to_owned(),
        (Some(text), false) => plain(text),
        (None, false) => format!("({})", message.state),
    };
    let edited = if message.edited { " (edited)" } else { "" };
    let reactions: String = message
        .reactions
        .iter()
        .map(|reaction| format!("  {}×{}", plain(&reaction.emoji), reaction.by.len()))
        .collect();
    let at = time(message.at_ms);
    format!(
        "{at}  {from}  {body}{edited}{reactions}  [{} {}]",
        message.state, message.id
    )
}
