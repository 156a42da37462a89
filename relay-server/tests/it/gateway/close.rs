//! Sockets that the relay closes, and doorbells that it rings.

use chatty_protocol::device_log::Class;
use chatty_protocol::frame::{Doorbell, ServerFrame};
use chatty_protocol::{ErrorCode, limits};
use chatty_relay::notice::Notice;

use crate::kit::{TestRelay, TestSocket, direct};

#[tokio::test]
async fn a_new_socket_of_the_device_closes_the_old_one() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut old, _) = TestSocket::connect(&relay, anna.first()).await;
    let (mut new, _) = TestSocket::connect(&relay, anna.first()).await;
    assert_eq!(old.bye().await, ErrorCode::Conflict);
    assert_eq!(new.send_and_wait(&chat.message(1)).await, Ok(3));
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    assert_eq!(b.send_and_wait(&chat.message(1)).await, Ok(4));
    new.row().await;
}

#[tokio::test]
async fn an_eleventh_device_waits_for_a_place() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let (mut first, _) = TestSocket::connect(&relay, anna.first()).await;
    let mut others = Vec::new();
    for _ in 1..limits::SOCKETS_PER_USER {
        let device = direct::add_device(&relay, &mut anna, Class::Full).await;
        others.push(TestSocket::connect(&relay, &device).await.0);
    }
    let eleventh = direct::add_device(&relay, &mut anna, Class::Full).await;
    let ticket = relay.ticket(&eleventh).await;
    let mut refused = TestSocket::raw(&relay).await;
    refused.hello(ticket, Vec::new()).await;
    assert_eq!(refused.bye().await, ErrorCode::RateLimited);
    first.settle().await;
}

#[tokio::test]
async fn d2_a_revoked_device_and_a_dead_session_are_closed_at_once() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    relay.direct(&anna, &ben).await;
    let second = direct::add_device(&relay, &mut anna, Class::Full).await;
    let (mut lost, _) = TestSocket::connect(&relay, &second).await;
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    let ticket = relay.ticket(&second).await;
    direct::revoke(&relay, &mut anna, &second).await;
    assert_eq!(lost.bye().await, ErrorCode::DeviceRevoked);
    // The peer hears that anna's log moved.
    let bell = b
        .until(|frame| match frame {
            ServerFrame::Doorbell(bell) => Some(bell.clone()),
            _ => None,
        })
        .await;
    assert_eq!(bell, Doorbell::User(anna.user, anna.log.head));
    // A ticket from before the revocation opens nothing.
    let mut late = TestSocket::raw(&relay).await;
    late.hello(ticket, Vec::new()).await;
    let code = late.bye().await;
    let fits = matches!(code, ErrorCode::Unauthorised | ErrorCode::DeviceRevoked);
    assert!(fits, "{code}");
    relay.app.notices.send(Notice::SessionEnded {
        session: ben.first().sid.clone(),
    });
    assert_eq!(b.bye().await, ErrorCode::Unauthorised);
}

#[tokio::test]
async fn a_drain_is_announced() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    relay.app.notices.send(Notice::Drain { after_ms: 700 });
    assert_eq!(a.next().await, ServerFrame::Drain { after_ms: 700 });
}

#[tokio::test]
async fn keys_and_link_mailboxes_ring() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    relay.app.notices.send(Notice::Keys {
        device: anna.first().id,
        one_time_left: 3,
        fallback_used: true,
    });
    let keys = ServerFrame::Keys {
        one_time_left: 3,
        fallback_used: true,
    };
    assert_eq!(a.next().await, keys);
    relay.app.notices.send(Notice::Link {
        user: anna.user,
        id: [4; 16],
    });
    assert!(matches!(a.next().await, ServerFrame::Link { id } if id.0 == [4; 16]));
}
