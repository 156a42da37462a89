//! `send`, and the end that all sending verbs share.

use crate::api::{ApiError, ChatResolve, MessageSend, MessageWait, SendState, Sent};

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
    let chat = visit
        .handle
        .call(ChatResolve {
            name,
            create: visit.online,
        })
        .await?
        .id;
    let call = MessageSend {
        chat,
        text: text.to_owned(),
        reply_to: None,
        mentions: Vec::new(),
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
