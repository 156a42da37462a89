//! Typing: never stored, and lost when there is no connection.

use chatty_crypto::content::flash::Typing;
use chatty_crypto::content::{Body as Said, Content};
use chatty_crypto::megolm::{self, Lane};
use chatty_protocol::codec::Ext;
use chatty_protocol::frame::ClientFrame;
use chatty_protocol::{MsgId, limits};

use crate::api::chat::{ChatOpen, ChatTyping};
use crate::api::{Done, LocalCode};
use crate::engine::{Context, Fault};
use crate::outbox::prepare::{self, Step};
use crate::sync::presence;

/// Tells the others of an open conversation, at most once in three seconds.
pub async fn typing(context: &Context, params: &ChatTyping) -> Result<Done, Fault> {
    let conv = params.chat;
    let now = context.platform.monotonic_ms();
    let soon = {
        let link = context.link.borrow();
        let last = link.typed.get(&conv).copied();
        params.typing && last.is_some_and(|last| now < last + limits::TYPING_MS)
    };
    let up = context.link.borrow().is_up();
    if soon || !up || !context.look(|work| prepare::may_send(work, &conv))? {
        return Ok(Done {});
    }
    if prepare::prepare(context, &conv, Lane::Flash).await? != Step::Ready {
        return Ok(Done {});
    }
    let msg = MsgId::from_rest(context.random());
    let send = context.input(|work| {
        let content = Content {
            msg,
            sent_at: work.now_ms(),
            expires_s: 0,
            rel: None,
            body: Said::Typing(Typing { on: params.typing }),
            ext: Ext::default(),
        };
        Ok(megolm::encrypt_mark(&mut work.crypto, &conv, &content)?)
    })?;
    let out = {
        let mut link = context.link.borrow_mut();
        link.typed.insert(conv, now);
        link.out.clone()
    };
    if let Some(out) = out {
        out.send(&ClientFrame::Flash(send)).await?;
    }
    Ok(Done {})
}

/// Tells the relay which conversations are on the screen: only those get typing and presence.
pub async fn open(context: &Context, params: ChatOpen) -> Result<Done, Fault> {
    if params.chats.len() > limits::OPEN_CONVERSATIONS {
        return Err(Fault::rule(LocalCode::Invalid, "Too many open chats."));
    }
    let out = {
        let mut link = context.link.borrow_mut();
        link.open = params.chats.clone();
        link.out.clone()
    };
    presence::drop_hidden(context)?;
    if let Some(out) = out {
        out.send(&ClientFrame::Open(params.chats)).await?;
    }
    Ok(Done {})
}
