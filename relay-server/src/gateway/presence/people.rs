//! Who shares, who watches whom, and what was told to which socket. Pure: time comes in.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chatty_protocol::frame::ServerFrame;
use chatty_protocol::{ConvId, UserId, limits};

use crate::gateway::{Route, encode};

/// Least time between two words about one user to one socket; going away waits so long, too.
const GAP: Duration = Duration::from_millis(limits::PRESENCE_MS);
/// Life of a socket's last sign.
const SILENCE: Duration = Duration::from_millis(limits::PRESENCE_SILENCE_MS);

/// One socket that has the direct conversation with a person open.
struct Watch {
    route: Arc<Route>,
    conv: ConvId,
    /// Whether it may know; none = that is being looked up.
    allowed: Option<bool>,
    /// What it was told last, and when.
    told: Option<(bool, Instant)>,
}

/// What is known of one user.
#[derive(Default)]
struct Person {
    /// Sockets that share, and when each was heard last.
    sockets: HashMap<u64, Instant>,
    /// When the last of them ended.
    left: Option<Instant>,
    watches: HashMap<u64, Watch>,
    /// Its place in [`People::due`].
    due: Option<Instant>,
}

/// Somebody whose right to know must be looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubt {
    /// Socket that watches.
    pub socket: u64,
    /// Its user.
    pub viewer: UserId,
    /// Their direct conversation.
    pub conv: ConvId,
    /// The other user.
    pub peer: UserId,
}

/// All of this node.
#[derive(Default)]
pub struct People {
    people: HashMap<UserId, Person>,
    /// Whom each socket watches.
    sockets: HashMap<u64, Vec<UserId>>,
    /// When a person must be looked at again.
    due: BTreeSet<(Instant, UserId)>,
}

impl People {
    /// A socket shares and lives, or it ended or takes it back.
    pub fn share(&mut self, user: UserId, socket: u64, here: bool, now: Instant) {
        let person = self.people.entry(user).or_default();
        if here {
            person.sockets.insert(socket, now);
        } else if person.sockets.remove(&socket).is_some() && person.sockets.is_empty() {
            person.left = Some(now);
        }
        self.settle(user, now);
    }

    /// Replaces what a socket watches. Who is new in it is told nothing before [`Self::judge`].
    pub fn watch(&mut self, route: &Arc<Route>, peers: &[(ConvId, UserId)]) -> Vec<Doubt> {
        let before = self.sockets.remove(&route.id).unwrap_or_default();
        for peer in before {
            if !peers.iter().any(|(_, kept)| *kept == peer) {
                self.unwatch(route.id, peer);
            }
        }
        let mut new = Vec::new();
        for (conv, peer) in peers {
            let watches = &mut self.people.entry(*peer).or_default().watches;
            watches.entry(route.id).or_insert_with(|| {
                new.push(doubt(route, *conv, *peer));
                Watch {
                    route: Arc::clone(route),
                    conv: *conv,
                    allowed: None,
                    told: None,
                }
            });
        }
        if !peers.is_empty() {
            let peers = peers.iter().map(|(_, peer)| *peer).collect();
            self.sockets.insert(route.id, peers);
        }
        new
    }

    fn unwatch(&mut self, socket: u64, peer: UserId) {
        if let Some(person) = self.people.get_mut(&peer) {
            person.watches.remove(&socket);
            if let Some(due) = person.due.take_if(|_| person.watches.is_empty()) {
                self.due.remove(&(due, peer));
            }
            if person.is_idle() {
                self.people.remove(&peer);
            }
        }
    }

    /// Whether a watching socket may know.
    pub fn judge(&mut self, doubt: &Doubt, allowed: bool, now: Instant) {
        let person = self.people.get_mut(&doubt.peer);
        let watch = person.and_then(|person| person.watches.get_mut(&doubt.socket));
        if let Some(watch) = watch {
            watch.allowed = Some(allowed);
            self.settle(doubt.peer, now);
        }
    }

    /// Everybody whose right hangs on this conversation.
    pub fn doubts_of(&self, conv: &ConvId, users: &[UserId]) -> Vec<Doubt> {
        let people = users
            .iter()
            .filter_map(|user| Some((user, self.people.get(user)?)));
        let watches = people.flat_map(|(peer, person)| {
            let those = person.watches.values().filter(|watch| watch.conv == *conv);
            those.map(|watch| doubt(&watch.route, *conv, *peer))
        });
        watches.collect()
    }

    /// Everybody of two users who watches the other.
    pub fn doubts_between(&self, one: UserId, other: UserId) -> Vec<Doubt> {
        let pairs = [(one, other), (other, one)];
        let people = pairs.iter().filter_map(|(peer, viewer)| {
            let person = self.people.get(peer)?;
            Some((*peer, *viewer, person))
        });
        let watches = people.flat_map(|(peer, viewer, person)| {
            let watches = person.watches.values();
            let those = watches.filter(move |watch| watch.route.user == viewer);
            those.map(move |watch| doubt(&watch.route, watch.conv, peer))
        });
        watches.collect()
    }

    /// Tells what is due, and says when something is due next.
    pub fn step(&mut self, now: Instant) -> Option<Instant> {
        while let Some((at, user)) = self.due.first().copied() {
            if at > now {
                return Some(at);
            }
            self.due.remove(&(at, user));
            self.settle(user, now);
        }
        None
    }

    /// Tells the sockets that watch a user what changed, as far as its time has come.
    fn settle(&mut self, user: UserId, now: Instant) {
        let Some(person) = self.people.get_mut(&user) else {
            return;
        };
        person.forget_silent(now);
        let next = person.tell(user, now);
        let before = std::mem::replace(&mut person.due, next);
        if person.is_idle() {
            self.people.remove(&user);
        }
        if let Some(before) = before {
            self.due.remove(&(before, user));
        }
        if let Some(next) = next {
            self.due.insert((next, user));
        }
    }
}

fn doubt(route: &Arc<Route>, conv: ConvId, peer: UserId) -> Doubt {
    Doubt {
        socket: route.id,
        viewer: route.user,
        conv,
        peer,
    }
}

impl Person {
    fn is_idle(&self) -> bool {
        self.sockets.is_empty() && self.watches.is_empty()
    }

    /// A socket whose other side is gone without a word counts as ended.
    fn forget_silent(&mut self, now: Instant) {
        if self.sockets.is_empty() {
            return;
        }
        self.sockets.retain(|_, heard| *heard + SILENCE > now);
        if self.sockets.is_empty() {
            // It was away for long: nothing is to be waited for.
            self.left = None;
        }
    }

    /// Tells what may be told now; when there will be more.
    fn tell(&mut self, user: UserId, now: Instant) -> Option<Instant> {
        let here = !self.sockets.is_empty();
        let mut next = self.sockets.values().map(|heard| *heard + SILENCE).min();
        for watch in self.watches.values_mut() {
            let Some(allowed) = watch.allowed else {
                continue;
            };
            let online = here && allowed;
            let ready = match watch.told {
                Some((told, _)) if told == online => continue,
                Some((_, at)) if online || !allowed => at + GAP,
                Some((_, at)) => self.left.map_or(at + GAP, |left| left.max(at) + GAP),
                None => now,
            };
            if ready <= now {
                let frame = ServerFrame::Presence(vec![(user, online)]);
                watch.route.push_reply(encode::frame(&frame));
                watch.told = Some((online, now));
            } else {
                next = Some(next.map_or(ready, |next| next.min(ready)));
            }
        }
        // Nobody watches: nothing hangs on when a socket falls silent.
        next.filter(|_| !self.watches.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use chatty_protocol::DeviceId;
    use chatty_protocol::codec::decode_exact;

    use super::*;

    const STEP: Duration = Duration::from_millis(1);

    fn user(byte: u8) -> UserId {
        UserId::from_rest([byte; 32])
    }

    fn conv() -> ConvId {
        ConvId::from_rest([9; 32])
    }

    fn route(id: u64, owner: u8) -> Arc<Route> {
        let device = DeviceId::from_rest([owner; 16]);
        Arc::new(Route::new(id, user(owner), device, "sid".into()))
    }

    fn heard(route: &Route) -> Vec<bool> {
        let frames = route.take(usize::MAX).frames.into_iter();
        let words = frames.flat_map(|frame| match decode_exact(&frame) {
            Ok(ServerFrame::Presence(words)) => words,
            other => panic!("{other:?}"),
        });
        words.map(|(_, online)| online).collect()
    }

    fn watching(people: &mut People, route: &Arc<Route>, now: Instant) {
        for doubt in people.watch(route, &[(conv(), user(2))]) {
            people.judge(&doubt, true, now);
        }
    }

    #[test]
    fn coming_is_told_at_once_and_going_after_the_gap() {
        let (mut people, now, ann) = (People::default(), Instant::now(), route(1, 1));
        watching(&mut people, &ann, now);
        assert_eq!(heard(&ann), [false]);
        let now = now + GAP;
        people.share(user(2), 7, true, now);
        assert_eq!(heard(&ann), [true]);
        let now = now + GAP * 5;
        people.share(user(2), 7, false, now);
        assert_eq!(people.step(now + GAP - STEP), Some(now + GAP));
        assert!(heard(&ann).is_empty());
        people.step(now + GAP);
        assert_eq!(heard(&ann), [false]);
        people.watch(&ann, &[]);
        assert!(people.people.is_empty() && people.due.is_empty() && people.sockets.is_empty());
    }

    #[test]
    fn a_short_break_and_another_socket_are_not_seen() {
        let (mut people, now, ann) = (People::default(), Instant::now(), route(1, 1));
        people.share(user(2), 7, true, now);
        watching(&mut people, &ann, now);
        assert_eq!(heard(&ann), [true]);
        people.share(user(2), 7, false, now + GAP);
        people.share(user(2), 8, true, now + GAP * 2 - STEP);
        people.step(now + GAP * 3);
        people.share(user(2), 9, true, now + GAP * 3);
        people.share(user(2), 8, false, now + GAP * 4);
        people.step(now + GAP * 6);
        assert!(heard(&ann).is_empty());
    }

    #[test]
    fn however_often_it_changes_one_word_in_a_gap_and_the_last_one_holds() {
        let (mut people, start, ann) = (People::default(), Instant::now(), route(1, 1));
        watching(&mut people, &ann, start);
        heard(&ann);
        let mut times = Vec::new();
        for round in 0..20_000u32 {
            let now = start + STEP * round;
            people.share(user(2), 7, round % 7_000 < 2_000 && round % 2 == 0, now);
            people.step(now);
            times.extend(heard(&ann).iter().map(|_| now));
        }
        assert!(times.len() > 3 && times.windows(2).all(|pair| pair[1] - pair[0] >= GAP));
        people.share(user(2), 7, false, start + STEP * 20_000);
        people.step(start + STEP * 20_000 + GAP * 2);
        people.watch(&ann, &[]);
        watching(&mut people, &ann, start + STEP * 30_000);
        assert_eq!(heard(&ann).last(), Some(&false));
    }

    #[test]
    fn who_may_not_know_hears_what_hears_of_somebody_away() {
        let (mut people, now, ann) = (People::default(), Instant::now(), route(1, 1));
        people.share(user(2), 7, true, now);
        let doubts = people.watch(&ann, &[(conv(), user(2))]);
        people.step(now + GAP);
        assert!(heard(&ann).is_empty());
        people.judge(&doubts[0], false, now + GAP);
        assert_eq!(heard(&ann), [false]);
        assert_eq!(people.doubts_between(user(2), user(1)), doubts);
        assert_eq!(people.doubts_of(&conv(), &[user(1), user(2)]), doubts);
        people.judge(&doubts[0], true, now + GAP * 2);
        assert_eq!(heard(&ann), [true]);
        // Taken away: told as soon as the gap allows, not after a break of the other side.
        people.judge(&doubts[0], false, now + GAP * 2);
        assert_eq!(people.step(now + GAP * 3), Some(now + SILENCE));
        assert_eq!(heard(&ann), [false]);
    }
}
