//! Presence: both sides share, in an open direct conversation, and nowhere else.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chatty_protocol::codec::decode_exact;
use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::frame::{ClientFrame, ServerFrame};
use chatty_protocol::{ConvId, DeviceId, ErrorCode, UserId, limits};
use chatty_relay::gateway::{People, Route};
use chatty_relay::notice::Notice;

use crate::kit::chat::Chat;
use crate::kit::person::Person;
use crate::kit::{TestRelay, TestSocket};

impl TestSocket {
    async fn share(&mut self, share: bool) {
        self.put(&ClientFrame::Presence { share }).await;
        self.settle().await;
    }

    async fn open_chats(&mut self, convs: &[ConvId]) {
        self.put(&ClientFrame::Open(convs.to_vec())).await;
        self.settle().await;
    }

    /// Every word that came so far, in order; then they are forgotten.
    async fn words(&mut self) -> Vec<(UserId, bool)> {
        self.settle().await;
        let frames = std::mem::take(&mut self.passed);
        let words = frames.into_iter().filter_map(|frame| match frame {
            ServerFrame::Presence(words) => Some(words),
            _ => None,
        });
        words.flatten().collect()
    }

    /// Waits until this user is said to be online or not, whatever came before.
    async fn hears(&mut self, user: &UserId, online: bool) {
        let word = (*user, online);
        let came = |frame: &ServerFrame| match frame {
            ServerFrame::Presence(words) => words.contains(&word),
            _ => false,
        };
        if let Some(at) = self.passed.iter().rposition(came) {
            self.passed.drain(..=at);
            return;
        }
        self.until(|frame| came(frame).then_some(())).await;
        self.passed.clear();
    }
}

struct Pair {
    relay: TestRelay,
    anna: Person,
    ben: Person,
    chat: Chat,
    a: TestSocket,
    b: TestSocket,
}

/// Two people with a direct conversation, both connected; only anna has it open.
async fn pair() -> Pair {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let (b, _) = TestSocket::connect(&relay, ben.first()).await;
    a.open_chats(&[chat.conv]).await;
    Pair {
        relay,
        anna,
        ben,
        chat,
        a,
        b,
    }
}

#[tokio::test]
async fn both_share_and_see_each_other_where_they_look() {
    let Pair {
        relay: _relay,
        anna,
        ben,
        chat,
        mut a,
        mut b,
    } = pair().await;
    a.share(true).await;
    assert_eq!(a.words().await, [(ben.user, false)]);
    b.share(true).await;
    a.hears(&ben.user, true).await;
    // Ben shares and has nothing open: he hears nothing until he looks.
    assert!(b.words().await.is_empty());
    b.open_chats(&[chat.conv]).await;
    assert_eq!(b.words().await, [(anna.user, true)]);
    // The same list again says nothing anew; closed and opened again it does.
    b.open_chats(&[chat.conv]).await;
    assert!(b.words().await.is_empty());
    b.open_chats(&[]).await;
    b.open_chats(&[chat.conv]).await;
    assert_eq!(b.words().await, [(anna.user, true)]);
}

#[tokio::test]
async fn who_does_not_share_neither_sees_nor_is_seen() {
    let Pair {
        relay: _relay,
        anna,
        ben,
        chat,
        mut a,
        mut b,
    } = pair().await;
    b.open_chats(&[chat.conv]).await;
    // Nobody shares: nobody hears a word.
    assert!(a.words().await.is_empty() && b.words().await.is_empty());
    a.share(true).await;
    assert_eq!(a.words().await, [(ben.user, false)]);
    assert!(b.words().await.is_empty());
    b.share(true).await;
    assert_eq!(b.words().await, [(anna.user, true)]);
    a.hears(&ben.user, true).await;
    // Taken back: ben is away for anna, and he himself hears nothing more of her.
    b.share(false).await;
    a.hears(&ben.user, false).await;
    a.share(false).await;
    a.share(true).await;
    assert_eq!(a.words().await, [(ben.user, false)]);
    assert!(b.words().await.is_empty());
}

#[tokio::test]
async fn the_last_socket_that_ends_takes_its_user_away() {
    let Pair {
        relay,
        ben,
        mut a,
        mut b,
        ..
    } = pair().await;
    a.share(true).await;
    b.share(true).await;
    a.hears(&ben.user, true).await;
    // The same device again takes the place of its socket.
    let (mut again, _) = TestSocket::connect(&relay, ben.first()).await;
    again.share(true).await;
    assert_eq!(b.bye().await, ErrorCode::Conflict);
    again.settle().await;
    assert!(a.words().await.is_empty());
    again.drop_dead();
    a.hears(&ben.user, false).await;
    let (mut back, _) = TestSocket::connect(&relay, ben.first()).await;
    back.share(true).await;
    a.hears(&ben.user, true).await;
    // A socket that the relay ends is none either.
    relay.app.notices.send(Notice::SessionEnded {
        session: ben.first().sid.clone(),
    });
    assert_eq!(back.bye().await, ErrorCode::Unauthorised);
    a.hears(&ben.user, false).await;
}

#[tokio::test]
async fn a_group_shows_nobody() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let group = relay.group(&[&anna, &ben]).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    for socket in [&mut a, &mut b] {
        socket.open_chats(&[group.conv]).await;
        socket.share(true).await;
    }
    assert!(a.words().await.is_empty() && b.words().await.is_empty());
}

#[tokio::test]
async fn a_stranger_learns_nothing_by_opening_what_is_not_theirs() {
    let Pair {
        relay,
        anna,
        ben,
        chat,
        mut a,
        mut b,
    } = pair().await;
    let eve = relay.sign_up("eve").await;
    let (mut e, _) = TestSocket::connect(&relay, eve.first()).await;
    e.share(true).await;
    // The conversation of others, and one that does not exist.
    let nowhere = ConvId::of_direct(&anna.user, &eve.user, relay.origin());
    e.open_chats(&[chat.conv, nowhere]).await;
    a.share(true).await;
    b.share(true).await;
    a.hears(&ben.user, true).await;
    assert!(e.words().await.is_empty());
    // A request that nobody accepted says what it says of somebody away.
    let mut request = relay.request(&eve, &ben).await;
    e.open_chats(&[request.conv]).await;
    b.open_chats(&[request.conv, chat.conv]).await;
    assert_eq!(e.words().await, [(ben.user, false)]);
    let told = b.words().await;
    assert_eq!(told, [(eve.user, false), (anna.user, true)]);
    // Accepted: now they are two who talk.
    let join = request.join_op(&ben);
    relay.act(&mut request, &ben, join).await;
    e.hears(&ben.user, true).await;
    b.hears(&eve.user, true).await;
}

#[tokio::test]
async fn a_block_ends_it_on_both_sides() {
    let Pair {
        relay,
        anna,
        ben,
        chat,
        mut a,
        mut b,
    } = pair().await;
    b.open_chats(&[chat.conv]).await;
    a.share(true).await;
    b.share(true).await;
    a.hears(&ben.user, true).await;
    let path = format!("/blocks/{}", ben.user);
    assert_eq!(relay.put(anna.first(), &path).await.status, 204);
    a.hears(&ben.user, false).await;
    b.hears(&anna.user, false).await;
    // Looking again helps neither.
    b.open_chats(&[]).await;
    b.open_chats(&[chat.conv]).await;
    assert_eq!(b.words().await, [(anna.user, false)]);
    relay.delete(anna.first(), &path).await;
    a.hears(&ben.user, true).await;
    b.hears(&anna.user, true).await;
}

#[tokio::test]
async fn however_fast_it_changes_one_word_in_three_seconds() {
    let Pair {
        ben,
        mut a,
        mut b,
        chat,
        relay,
        ..
    } = pair().await;
    let gap = Duration::from_millis(limits::PRESENCE_MS);
    a.share(true).await;
    assert_eq!(a.words().await, [(ben.user, false)]);
    let began = Instant::now();
    for round in 0..101 {
        b.share(round % 2 == 0).await;
    }
    // It ends with sharing, and that is what comes last, however long it takes.
    a.hears(&ben.user, true).await;
    for _ in 0..100 {
        b.share(false).await;
        b.share(true).await;
    }
    let words = a.words().await.len();
    let allowed = began.elapsed().as_millis() / gap.as_millis() + 1;
    assert!(words as u128 <= allowed, "{words} words, {allowed} allowed");
    // Presence is kept nowhere: a relay that starts again knows nobody.
    let relay = relay.restart().await;
    let anna = relay.sign_up("zoe").await;
    let (mut z, _) = TestSocket::connect(&relay, anna.first()).await;
    z.share(true).await;
    z.open_chats(&[chat.conv]).await;
    assert!(z.words().await.is_empty());
}

#[tokio::test]
async fn a_membership_entry_of_a_group_disturbs_nobody() {
    let Pair {
        relay,
        anna,
        ben,
        mut a,
        mut b,
        ..
    } = pair().await;
    a.share(true).await;
    b.share(true).await;
    a.hears(&ben.user, true).await;
    let mut group = relay.group(&[&anna, &ben]).await;
    let cuts = Vec::new();
    let remove = ConvOp::Remove {
        user: ben.user,
        cuts,
    };
    relay.act(&mut group, &anna, remove).await;
    assert!(a.words().await.is_empty());
}

/// Time comes in from outside here: nobody waits a minute.
#[test]
fn a_socket_that_fell_silent_is_away_and_comes_back_with_a_sign() {
    let silence = Duration::from_millis(limits::PRESENCE_SILENCE_MS);
    let (user, viewer) = (UserId::from_rest([2; 32]), UserId::from_rest([1; 32]));
    let (conv, device) = (ConvId::from_rest([9; 32]), DeviceId::from_rest([1; 16]));
    let route = Arc::new(Route::new(1, viewer, device, "sid".into()));
    let heard = || {
        let frames = route.take(usize::MAX).frames.into_iter();
        let frames = frames.map(|frame| decode_exact(&frame).unwrap());
        frames.collect::<Vec<ServerFrame>>()
    };
    let word = |online| ServerFrame::Presence(vec![(user, online)]);
    let (mut people, now) = (People::default(), Instant::now());
    people.share(user, 7, true, now);
    for doubt in people.watch(&route, &[(conv, user)]) {
        people.judge(&doubt, true, now);
    }
    assert_eq!(people.step(now), Some(now + silence));
    assert_eq!(heard(), [word(true)]);
    people.share(user, 7, true, now + silence / 2);
    people.step(now + silence);
    assert_eq!(heard(), []);
    people.step(now + silence / 2 + silence);
    assert_eq!(heard(), [word(false)]);
    people.share(user, 7, true, now + silence * 3);
    assert_eq!(heard(), [word(true)]);
}
