//! Who is online, for pairs of people who both want it known (protocol.md §16). In memory only:
//! nothing of it is written anywhere, and a restart forgets it.

mod people;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use chatty_protocol::conversation_log::{ConvState, Mode};
use chatty_protocol::{ConvId, UserId};
use tokio::sync::Notify;

use super::connection::Session;
use super::{Live, Route};
pub use people::{Doubt, People};

/// Presence of this node, fed by the bus.
#[derive(Default)]
pub struct Presence {
    people: Mutex<People>,
    doubts: Mutex<Vec<Doubt>>,
    changed: Notify,
}

impl Presence {
    fn people(&self) -> MutexGuard<'_, People> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A socket shares and lives, or it ended or takes it back.
    pub fn share(&self, user: UserId, socket: u64, here: bool) {
        self.people().share(user, socket, here, Instant::now());
        self.changed.notify_one();
    }

    /// Members of a conversation changed: who watches there is judged again.
    pub fn members_changed(&self, conv: &ConvId, users: &[UserId]) {
        let doubts = self.people().doubts_of(conv, users);
        self.again(doubts);
    }

    /// One of two users blocked the other or took that back.
    pub fn block_changed(&self, one: UserId, other: UserId) {
        let doubts = self.people().doubts_between(one, other);
        self.again(doubts);
    }

    fn again(&self, doubts: Vec<Doubt>) {
        if !doubts.is_empty() {
            let mut waiting = self.doubts.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.extend(doubts);
            self.changed.notify_one();
        }
    }

    fn take_doubts(&self) -> Vec<Doubt> {
        let mut waiting = self.doubts.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *waiting)
    }

    fn watch(&self, route: &Arc<Route>, peers: &[(ConvId, UserId)]) -> Vec<Doubt> {
        self.people().watch(route, peers)
    }

    fn judge(&self, doubt: &Doubt, allowed: bool) {
        self.people().judge(doubt, allowed, Instant::now());
        self.changed.notify_one();
    }
}

impl Live {
    /// Frame 8.
    pub(super) async fn share(&self, session: &mut Session, share: bool) {
        session.shares = share;
        let route = &session.route;
        self.bus.presence(&route.user, route.id, share);
        self.look(session).await;
    }

    /// The socket shows a sign of life.
    pub(super) fn lives(&self, session: &Session) {
        if session.shares {
            let route = &session.route;
            self.bus.presence(&route.user, route.id, true);
        }
    }

    /// Frame 7, or 8 beside it: a socket that shares watches the people of the direct conversations
    /// that it has open. Registered first, judged afterwards: a block that comes meanwhile is
    /// seen by one of the two.
    pub(super) async fn look(&self, session: &Session) {
        let route = &session.route;
        let mut peers = Vec::new();
        if session.shares {
            for conv in route.open() {
                if let Some(peer) = self.peer(&conv, &route.user).await {
                    peers.push((conv, peer));
                }
            }
        }
        for doubt in self.hub.presence.watch(route, &peers) {
            let allowed = self.may_know(&doubt).await;
            self.hub.presence.judge(&doubt, allowed);
        }
    }

    /// The socket ended.
    pub(super) fn looks_away(&self, session: &Session) {
        let route = &session.route;
        self.hub.presence.watch(route, &[]);
        if session.shares {
            self.bus.presence(&route.user, route.id, false);
        }
    }

    async fn state(&self, conv: &ConvId) -> Option<Arc<ConvState>> {
        let stream = self.conversations.streams.get(conv).await.ok()??;
        stream.state()
    }

    /// The other one of a direct conversation of this user.
    async fn peer(&self, conv: &ConvId, user: &UserId) -> Option<UserId> {
        let state = self.state(conv).await?;
        if state.mode != Mode::Direct || state.member(user).is_none() {
            return None;
        }
        state.entitled().find(|other| *other != user).copied()
    }

    /// Both joined and neither blocks the other; whatever cannot be found out is a no.
    async fn may_know(&self, doubt: &Doubt) -> bool {
        let Some(state) = self.state(&doubt.conv).await else {
            return false;
        };
        let joined = state.may_send(&doubt.viewer) && state.may_send(&doubt.peer);
        let store = &self.conversations.store;
        let blocked = store.blocked(doubt.viewer, doubt.peer).await;
        joined && matches!(blocked, Ok((false, false)))
    }
}

/// Tells what waits for its time and judges again what changed, until the relay stops.
pub async fn run(live: Arc<Live>) {
    let presence = &live.hub.presence;
    loop {
        for doubt in presence.take_doubts() {
            let allowed = live.may_know(&doubt).await;
            presence.judge(&doubt, allowed);
        }
        let next = presence.people().step(Instant::now());
        match next {
            None => presence.changed.notified().await,
            Some(at) => tokio::select! {
                () = presence.changed.notified() => {}
                () = tokio::time::sleep_until(at.into()) => {}
            },
        }
    }
}
