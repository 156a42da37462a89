//! One device of a person, called as a shell calls it.

use std::path::PathBuf;
use std::time::Instant;

use async_channel::Receiver;
use chatty_core::api::account::{AccountWhoAmI, WhoAmI};
use chatty_core::api::chat::{Chat, ChatList, ChatRead, ChatResolve, ChatSetTimer};
use chatty_core::api::message::{
    Message, MessageDelete, MessageEdit, MessageList, MessageReact, MessageSend, MessageWait, Sent,
};
use chatty_core::api::person::{ChatRequest, RequestAccept, RequestList};
use chatty_core::api::state::{MessageState, SendState};
use chatty_core::api::sync::{SyncFlush, SyncState, SyncWait};
use chatty_core::api::{ApiError, Event, Method};
use chatty_crypto::tx::Tx;
use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};

use crate::engine::{KillAt, Running};
use crate::insider::Insider;
use crate::link::Link;
use crate::wait::{LIMIT, blink, until, within};

/// Waits inside calls, in the engine's own time; they are asked again until the limit.
const CALL_MS: u64 = 5_000;

/// A device with its home.
pub struct Device {
    /// Handle of its owner, without `@`.
    pub handle: String,
    /// Its owner.
    pub user: UserId,
    /// Its id.
    pub id: DeviceId,
    /// Its folder.
    pub home: PathBuf,
    /// Its line to the relay.
    pub link: Link,
    running: Option<Running>,
    pub(crate) events: Option<Receiver<Event>>,
}

impl Device {
    /// A home with a running engine; who it belongs to is not known yet.
    pub(crate) async fn begin(home: PathBuf, link: Link) -> (Running, PathBuf, Link) {
        let (running, home, link) =
            tokio::task::spawn_blocking(move || (Running::start(&home, &link, None), home, link))
                .await
                .expect("the engine starts");
        (running, home, link)
    }

    pub(crate) async fn of(running: Running, home: PathBuf, link: Link) -> Self {
        let who: WhoAmI = running
            .handle
            .call(AccountWhoAmI {})
            .await
            .expect("signed in");
        let events = running.handle.listen().await.ok();
        Self {
            handle: who.handle,
            user: who.user,
            id: who.device,
            home,
            link,
            running: Some(running),
            events,
        }
    }

    /// Starts an engine on a home that is signed in already.
    pub async fn again(home: PathBuf, link: Link) -> Self {
        let (running, home, link) = Self::begin(home, link).await;
        Self::of(running, home, link).await
    }

    /// `@handle`.
    pub fn at(&self) -> String {
        format!("@{}", self.handle)
    }

    /// Calls any method.
    pub async fn call<M: Method>(&self, params: M) -> Result<M::Reply, ApiError> {
        let running = self.running.as_ref().expect("the engine runs");
        let what = format!("{}: {}", self.handle, std::any::type_name::<M>());
        within(&what, running.handle.call(params)).await
    }

    /// Calls a method that must work.
    pub async fn must<M: Method + std::fmt::Debug>(&self, params: M) -> M::Reply {
        let what = format!("{params:?}");
        match self.call(params).await {
            Ok(reply) => reply,
            Err(error) => panic!("{}: {what}: {error}", self.handle),
        }
    }

    /// Ends the engine at once, without a goodbye.
    pub fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill();
        }
    }

    /// Starts the engine again, to die at a point if one is named.
    pub async fn start_to_die(&mut self, kill_at: Option<KillAt>) {
        self.kill();
        let (home, link) = (self.home.clone(), self.link.clone());
        let start = move || Running::start(&home, &link, kill_at);
        let running = tokio::task::spawn_blocking(start).await.expect("it starts");
        // It may have died at its point already.
        self.events = running.handle.listen().await.ok();
        self.running = Some(running);
    }

    /// Starts the engine again.
    pub async fn start(&mut self) {
        self.start_to_die(None).await;
    }

    /// It shall not die any more; starts it if it did. Returns whether it had died.
    pub async fn survive(&mut self) -> bool {
        if let Some(running) = &self.running {
            running.disarm();
        }
        // One that dies just now answers nothing.
        let dead = !self.is_alive() || self.call(SyncState {}).await.is_err();
        if dead {
            self.start().await;
        }
        dead
    }

    /// Kills it and starts it again.
    pub async fn restart(&mut self) {
        self.kill();
        self.start().await;
    }

    /// Takes the keys out of its home, for an attacker; the engine starts again.
    pub async fn keys(&mut self) -> Insider {
        self.kill();
        let home = self.home.clone();
        let taken = tokio::task::spawn_blocking(move || Insider::of(&home)).await;
        self.start().await;
        taken.expect("the keys")
    }

    /// Changes what the crypto crate keeps in its home; the engine starts again.
    pub async fn change<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Tx<'_>) -> T + Send + 'static,
    ) -> T {
        self.kill();
        let home = self.home.clone();
        let changed = tokio::task::spawn_blocking(move || crate::engine::change(&home, work)).await;
        self.start().await;
        changed.expect("the change")
    }

    /// Whether the engine runs (it may have died at its kill point).
    pub fn is_alive(&self) -> bool {
        self.running.as_ref().is_some_and(Running::is_alive)
    }

    /// Waits until the inbox is drained and the newest rows are here.
    pub async fn sync(&self) {
        let started = Instant::now();
        loop {
            let timeout_ms = CALL_MS;
            let answer = self.call(SyncWait { timeout_ms }).await;
            let Err(error) = answer else { return };
            let late = started.elapsed() > LIMIT;
            let status = self.call(SyncState {}).await;
            assert!(
                !late,
                "{} does not catch up: {error}; {status:?}",
                self.handle
            );
            blink().await;
        }
    }

    /// Waits until nothing waits for the relay, and until nothing is known to be missing here.
    pub async fn settle(&self) {
        let started = Instant::now();
        loop {
            let timeout_ms = CALL_MS;
            let _looked_at_below = self.call(SyncWait { timeout_ms }).await;
            let _too = self.call(SyncFlush { timeout_ms }).await;
            let status = self.must(SyncState {}).await;
            if status.outbox == 0 && status.behind == 0 && status.caught_up {
                return;
            }
            let late = started.elapsed() > LIMIT;
            assert!(!late, "{} does not settle: {status:?}", self.handle);
            blink().await;
        }
    }

    /// The conversation of this name, opened if it is a person without one.
    pub async fn chat(&self, name: &str) -> ConvId {
        let (name, create) = (name.to_owned(), true);
        self.must(ChatResolve { name, create }).await.id
    }

    /// The conversation's row in the list.
    pub async fn row(&self, chat: ConvId) -> Option<Chat> {
        let rows = self.must(ChatList {}).await;
        rows.into_iter().find(|row| row.id == chat)
    }

    /// Waits until the conversation is in the list.
    pub async fn sees(&self, chat: ConvId) -> Chat {
        let what = format!("{} sees the conversation", self.handle);
        until(&what, async || self.row(chat).await).await
    }

    /// Writes; the message may wait in the outbox.
    pub async fn write(&self, chat: ConvId, text: &str) -> MsgId {
        self.try_write(chat, text).await.expect("written").id
    }

    /// Writes, if a rule allows it.
    pub async fn try_write(&self, chat: ConvId, text: &str) -> Result<Sent, ApiError> {
        self.call(MessageSend::text(chat, text)).await
    }

    /// Writes and waits until the relay has it.
    pub async fn send(&self, chat: ConvId, text: &str) -> MsgId {
        let id = self.write(chat, text).await;
        self.accepted(chat, id).await;
        id
    }

    /// Waits until the relay has it.
    pub async fn accepted(&self, chat: ConvId, message: MsgId) -> Sent {
        let what = format!("{}: {message} accepted", self.handle);
        until(&what, async || {
            let timeout_ms = 20_000;
            let wait = MessageWait {
                chat,
                message,
                timeout_ms,
            };
            let sent = self.must(wait).await;
            (sent.state == SendState::Accepted).then_some(sent)
        })
        .await
    }

    /// Changes an own message.
    pub async fn edit(&self, chat: ConvId, message: MsgId, text: &str) {
        let text = text.to_owned();
        let sent = self
            .must(MessageEdit {
                chat,
                message,
                text,
                mentions: Vec::new(),
            })
            .await;
        self.accepted(chat, sent.id).await;
    }

    /// Deletes an own message.
    pub async fn delete(&self, chat: ConvId, message: MsgId) {
        let sent = self.must(MessageDelete { chat, message }).await;
        self.accepted(chat, sent.id).await;
    }

    /// Reacts.
    pub async fn react(&self, chat: ConvId, message: MsgId, emoji: &str) {
        let emoji = emoji.to_owned();
        let sent = self
            .must(MessageReact {
                chat,
                message,
                emoji,
            })
            .await;
        self.accepted(chat, sent.id).await;
    }

    /// Marks everything as read.
    pub async fn read(&self, chat: ConvId) {
        self.must(ChatRead { chat, up_to: None }).await;
    }

    /// Sets the timer.
    pub async fn set_timer(&self, chat: ConvId, seconds: u64) {
        self.must(ChatSetTimer { chat, seconds }).await;
    }

    /// The newest rows, oldest first.
    pub async fn messages(&self, chat: ConvId) -> Vec<Message> {
        self.must(MessageList::newest(chat, 500)).await
    }

    /// Texts as shown; what cannot be read shows its state in angle brackets.
    pub async fn texts(&self, chat: ConvId) -> Vec<String> {
        self.messages(chat).await.iter().map(shown).collect()
    }

    /// Waits until the message is readable.
    pub async fn reads(&self, chat: ConvId, text: &str) -> Message {
        let started = Instant::now();
        loop {
            let rows = self.messages(chat).await;
            if let Some(row) = rows.iter().find(|row| row.text.as_deref() == Some(text)) {
                return row.clone();
            }
            let shown: Vec<_> = rows.iter().map(shown).collect();
            assert!(
                started.elapsed() < LIMIT,
                "{} never reads {text:?}; it shows {shown:?}",
                self.handle
            );
            blink().await;
        }
    }

    /// Waits until one message looks as wanted.
    pub async fn shows(&self, chat: ConvId, id: MsgId, what: &str, is: impl Fn(&Message) -> bool) {
        let what = format!("{}: {what}", self.handle);
        until(&what, async || {
            let rows = self.messages(chat).await;
            rows.iter().find(|row| row.id == id && is(row)).map(|_| ())
        })
        .await;
    }

    /// Waits for a request of a stranger and accepts it.
    pub async fn accepts(&self, chat: ConvId) {
        self.request(chat).await;
        self.must(RequestAccept { chat }).await;
    }

    /// Waits for a request.
    pub async fn request(&self, chat: ConvId) -> ChatRequest {
        let what = format!("{} sees a request", self.handle);
        until(&what, async || {
            let rows = self.must(RequestList {}).await;
            rows.into_iter().find(|row| row.id == chat)
        })
        .await
    }
}

/// A row as a person sees it.
pub fn shown(row: &Message) -> String {
    match (&row.text, row.deleted) {
        (_, true) => "<deleted>".into(),
        (Some(text), _) => text.clone(),
        (None, _) => format!("<{:?}>", row.state),
    }
}

/// Whether a row shows content or a promise, and not a loss.
pub fn is_readable(row: &Message) -> bool {
    row.deleted
        || matches!(
            row.state,
            MessageState::Waiting
                | MessageState::Sent
                | MessageState::Delivered
                | MessageState::Read
        )
}
