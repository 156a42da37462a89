//! `messages`: a page of a chat, oldest first.

use crate::api::{ApiError, Message, MessageList};

use super::change::id;
use crate::exit::Exit;
use crate::names::Names;
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
    // What is typed wrong is said first.
    let before = before.map(id).transpose()?;
    let chat = visit.conv(chat).await?;
    let messages = visit
        .handle
        .call(MessageList {
            before,
            ..MessageList::newest(chat, limit)
        })
        .await?;
    let names = names(output, visit, &messages).await?;
    output.rows(&messages, "No messages yet.", |row| text(row, &names));
    Ok(Exit::Done)
}

/// The names of everybody who wrote one of them.
pub async fn names<'a>(
    output: &Output,
    visit: &Visit<'_>,
    messages: impl IntoIterator<Item = &'a Message>,
) -> Result<Names, ApiError> {
    Names::of(output, visit, messages.into_iter().map(|row| row.from)).await
}

/// The row for people.
pub fn text(message: &Message, names: &Names) -> String {
    let from = names.get(&message.from);
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
