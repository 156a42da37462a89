//! `chats`, `read`, `timer`.

use crate::api::{ApiError, Chat, ChatList, ChatRead, ChatSetTimer};

use crate::exit::Exit;
use crate::input::seconds;
use crate::output::{Output, plain, time};
use crate::visit::Visit;

/// Lists all chats, newest first.
pub async fn run(output: &Output, visit: &Visit<'_>) -> Result<Exit, ApiError> {
    let chats = visit.handle.call(ChatList {}).await?;
    output.rows(
        &chats,
        "No chats yet. Write to somebody: chatty send @handle 'hello'",
        text,
    );
    Ok(Exit::Done)
}

fn text(chat: &Chat) -> String {
    let unread = if chat.unread > 0 {
        format!("  {} unread", chat.unread)
    } else {
        String::new()
    };
    let id = chat.id.to_string();
    let short = id.get(..12).unwrap_or(&id);
    let at = time(chat.last_at_ms);
    format!(
        "{short}  {}  {} {}  {at}{unread}",
        plain(&chat.title),
        chat.kind,
        chat.state
    )
}

/// Marks a chat as read.
pub async fn read(output: &Output, visit: &Visit<'_>, chat: &str) -> Result<Exit, ApiError> {
    let chat = visit.conv(chat).await?;
    visit.handle.call(ChatRead { chat, up_to: None }).await?;
    output.say("Read.");
    Ok(if visit.online {
        Exit::Done
    } else {
        Exit::Queued
    })
}

/// Sets the timer of disappearing messages.
pub async fn timer(
    output: &Output,
    visit: &Visit<'_>,
    chat: &str,
    time: &str,
) -> Result<Exit, ApiError> {
    let seconds = seconds(time)?;
    let chat = visit.conv(chat).await?;
    visit.handle.call(ChatSetTimer { chat, seconds }).await?;
    output.say("Set for new messages.");
    Ok(Exit::Done)
}
