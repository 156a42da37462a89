//! Typing of others: told, and taken back when its time is over. Nothing of it is stored.

use chatty_crypto::content::Body as Said;
use chatty_crypto::content::flash::Typing;
use chatty_crypto::megolm::Verdict;
use chatty_protocol::frame::MarkRow as Frame;
use chatty_protocol::{ConvId, UserId, limits};

use super::mark;
use crate::api::Event;
use crate::api::state::ChatState;
use crate::engine::{Context, Fault, Work};
use crate::store::{contact, conversation};

/// A flash of another device. What was said of typing; none = nobody is shown anything.
pub fn take(work: &mut Work<'_>, frame: &Frame) -> Result<Option<(UserId, bool)>, Fault> {
    let chat = frame.send.conv;
    let Verdict::Show(shown) = mark::judge(work, frame)? else {
        return Ok(None);
    };
    let Said::Typing(Typing { on }) = shown.content.body else {
        return Ok(None);
    };
    // A stranger's request and a blocked person show nothing.
    let open = conversation::get(work.db, &chat)?.is_some_and(|row| row.state == ChatState::Open);
    if !open || contact::is_blocked(work.db, &shown.user)? {
        return Ok(None);
    }
    let (user, typing) = (shown.user, on);
    work.tell(Event::ChatTyping { chat, user, typing });
    Ok(Some((user, typing)))
}

/// Notes until when it is shown, by this device's own clock: the end may never be told.
pub fn note(context: &Context, chat: ConvId, user: UserId, typing: bool) {
    let until = context.platform.monotonic_ms() + limits::TYPING_SHOWN_MS;
    let mut link = context.link.borrow_mut();
    match typing {
        true => link.typing.insert((chat, user), until),
        false => link.typing.remove(&(chat, user)),
    };
}

/// Takes back what is over, until the connection ends.
pub async fn run(context: &Context) -> Fault {
    loop {
        let seen = context.changed.seen();
        let now = context.platform.monotonic_ms();
        take_back(context, |until| until <= now);
        let next = context.link.borrow().typing.values().min().copied();
        let wait = next.map(|until| until - now);
        context.rung_or(&context.changed, seen, wait).await;
    }
}

/// The connection ended: the end of typing would not be heard.
pub fn over(context: &Context) {
    take_back(context, |_| true);
}

fn take_back(context: &Context, is_over: impl Fn(u64) -> bool) {
    let mut ended = Vec::new();
    context.link.borrow_mut().typing.retain(|key, until| {
        let over = is_over(*until);
        if over {
            ended.push(*key);
        }
        !over
    });
    for (chat, user) in ended {
        let typing = false;
        context
            .events
            .tell(&Event::ChatTyping { chat, user, typing });
    }
}
