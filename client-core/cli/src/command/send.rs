//! `send`, and the end that all sending verbs share.

use crate::api::{ApiError, ChatResolve, LocalCode, MessageSend, MessageWait, SendState, Sent};

use crate::exit::Exit;
use crate::output::Output;
use crate::visit::Visit;

/// Sends a text; `@handle` opens the direct chat when there is none.
pub async fn run(
    output: &Output,
    visit: &Visit<'_>,
    chat: &str,
    text: &str,
    no_wait: bool,
) -> Result<Exit, ApiError> {
    let name = chat.to_owned();
    let resolve = ChatResolve {
        name,
        create: visit.online,
    };
    let chat = match visit.handle.call(resolve).await {
        // Whether there is such a person only the server knows.
        Err(error) if error.is(LocalCode::NoSuchChat) && !visit.online && chat.starts_with('@') => {
            let message = format!("there is no chat with {chat} here, and no server to open one");
            return Err(ApiError::new(LocalCode::NotReachable, message));
        }
        found => found?.id,
    };
    // What somebody types elsewhere in this home is not what is sent here.
    let call = MessageSend {
        keep_draft: true,
        ..MessageSend::text(chat, text)
    };
    let sent = visit.handle.call(call).await?;
    finish(output, visit, sent, no_wait).await
}

/// Waits until the relay has it where there is one, and prints where it stands.
pub async fn finish(
    output: &Output,
    visit: &Visit<'_>,
    sent: Sent,
    no_wait: bool,
) -> Result<Exit, ApiError> {
    let wait = visit.online && !no_wait && sent.state == SendState::Queued;
    let sent = if wait {
        let timeout_ms = visit.timeout_ms();
        let call = MessageWait {
            chat: sent.conv,
            message: sent.id,
            timeout_ms,
        };
        visit.handle.call(call).await?
    } else {
        sent
    };
    output.row(&sent, |sent| match sent.state {
        SendState::Accepted => format!("sent {}", sent.id),
        SendState::Queued => format!("queued {}; it leaves with the next command", sent.id),
    });
    Ok(if sent.state == SendState::Accepted {
        Exit::Done
    } else {
        Exit::Queued
    })
}
