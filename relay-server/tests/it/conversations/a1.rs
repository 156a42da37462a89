//! The relay's side of A1: no entry without the right signature, device and right.

use chatty_protocol::conversation_log::{ConvOp, Cut, Role, propose};
use chatty_protocol::device_log::Class;
use chatty_protocol::sign::{Head, SignContext, Signed, ZERO_HASH};
use chatty_protocol::{DeviceId, ErrorCode, limits};

use crate::kit::chat::signed_entry;
use crate::kit::person::{fresh_key, sign};
use crate::kit::{Chat, Person, TestRelay, direct};

fn rotate() -> ConvOp {
    ConvOp::Rotate { cuts: Vec::new() }
}

async fn refusal(
    relay: &TestRelay,
    chat: &Chat,
    poster: &Person,
    entry: &Signed<chatty_protocol::conversation_log::ConvEntry>,
) -> ErrorCode {
    let next = chat.state.head.seq + 1;
    let answer = relay.append(poster.first(), &chat.conv, next, entry).await;
    answer.code()
}

#[tokio::test]
async fn a1_an_unsigned_or_forged_entry_is_refused() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.group(&[&anna, &ben]).await;
    let good = chat.next(&anna, rotate());
    let zeros = Signed::from_parts(good.inner().to_vec(), [0; 64]);
    assert_eq!(
        refusal(&relay, &chat, &anna, &zeros).await,
        ErrorCode::InvalidSignature
    );
    let other_key = sign(&fresh_key(), SignContext::ConvLog, good.inner().to_vec());
    assert_eq!(
        refusal(&relay, &chat, &anna, &other_key).await,
        ErrorCode::InvalidSignature
    );
    let inner = good.inner().to_vec();
    let other_context = sign(&anna.first().key, SignContext::DeviceLog, inner);
    let code = refusal(&relay, &chat, &anna, &other_context).await;
    assert_eq!(code, ErrorCode::InvalidSignature);
    // Signed rightly by anna, posted by ben.
    assert_eq!(
        refusal(&relay, &chat, &ben, &good).await,
        ErrorCode::NotAllowed
    );
    // Ben's key under anna's name.
    let as_anna = sign(
        &ben.first().key,
        SignContext::ConvLog,
        good.inner().to_vec(),
    );
    assert_eq!(
        refusal(&relay, &chat, &anna, &as_anna).await,
        ErrorCode::InvalidSignature
    );
    assert_eq!(relay.whole_log(anna.first(), &chat).await.entries.len(), 3);
    // The good one still fits.
    let answer = relay.append(anna.first(), &chat.conv, 3, &good).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a1_an_unauthorised_entry_is_refused() {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let cleo = relay.sign_up("cleo").await;
    let chat = relay.group(&[&anna, &ben]).await;
    let after = chat.state.state_hash();
    for op in [
        ConvOp::Remove {
            user: anna.user,
            cuts: Vec::new(),
        },
        ConvOp::SetRole {
            user: ben.user,
            role: Role::Admin,
        },
        ConvOp::Invite {
            users: vec![cleo.user],
        },
        ConvOp::Join { invite_seq: 1 },
    ] {
        let entry = signed_entry(&ben, ben.first(), Some(&chat.state), op, after);
        assert_eq!(
            refusal(&relay, &chat, &ben, &entry).await,
            ErrorCode::NotAllowed
        );
    }
    // A right operation with a wrong state hash, number or predecessor.
    let wrong_state = signed_entry(&anna, anna.first(), Some(&chat.state), rotate(), ZERO_HASH);
    assert_eq!(
        refusal(&relay, &chat, &anna, &wrong_state).await,
        ErrorCode::Malformed
    );
    let mut elsewhere = chat.state.clone();
    elsewhere.head.hash = ZERO_HASH;
    let after = propose(&elsewhere, &anna.user, &rotate(), true).unwrap();
    let after = after.state_hash();
    let wrong_prev = signed_entry(&anna, anna.first(), Some(&elsewhere), rotate(), after);
    assert_eq!(
        refusal(&relay, &chat, &anna, &wrong_prev).await,
        ErrorCode::StaleSeq
    );
    let ahead = relay.append(anna.first(), &chat.conv, 7, &wrong_prev).await;
    assert_eq!(ahead.code(), ErrorCode::Malformed);
}

#[tokio::test]
async fn a1_only_live_devices_of_the_right_class_sign() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let chat = relay.group(&[&anna]).await;
    let limited = direct::add_device(&relay, &mut anna, Class::Limited).await;
    let after = propose(&chat.state, &anna.user, &rotate(), true).unwrap();
    let after = after.state_hash();
    let entry = signed_entry(&anna, &limited, Some(&chat.state), rotate(), after);
    let answer = relay.append(&limited, &chat.conv, 1, &entry).await;
    assert_eq!(answer.code(), ErrorCode::NotAllowed);
    // A head that the relay never saw.
    let mut ahead = anna.clone();
    ahead.log.head = Head {
        seq: 9,
        hash: ZERO_HASH,
    };
    let entry = signed_entry(&ahead, ahead.first(), Some(&chat.state), rotate(), after);
    assert_eq!(
        refusal(&relay, &chat, &anna, &entry).await,
        ErrorCode::Conflict
    );
    // A cut of a device that is not one's own.
    let cuts = vec![Cut {
        device: DeviceId::from_rest([5; 16]),
        dev_seq: 0,
        chain: ZERO_HASH,
    }];
    let foreign = chat.next(&anna, ConvOp::Rotate { cuts });
    assert_eq!(
        refusal(&relay, &chat, &anna, &foreign).await,
        ErrorCode::UnknownDevice
    );
}

#[tokio::test]
async fn a1_bytes_that_are_no_entry() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let chat = relay.group(&[&anna]).await;
    let path = format!("/conversations/{}/log", chat.conv);
    let mut good = chat.next(&anna, rotate()).to_bytes();
    let post = |bytes: Vec<u8>| {
        let body = serde_json::json!({
            "entry": data_encoding::BASE64URL_NOPAD.encode(&bytes),
            "expect_seq": 1,
        });
        let (relay, anna, path) = (&relay, &anna, &path);
        async move { relay.post(anna.first(), path, &body).await.code() }
    };
    assert_eq!(post(Vec::new()).await, ErrorCode::Malformed);
    assert_eq!(post(vec![0xff; 40]).await, ErrorCode::Malformed);
    assert_eq!(
        post(good[..good.len() - 1].to_vec()).await,
        ErrorCode::Malformed
    );
    let large = vec![0; limits::LOG_ENTRY_BYTES + 1];
    assert_eq!(post(large).await, ErrorCode::TooLarge);
    // One turned bit anywhere never passes and never is an error of the relay.
    for place in (0..good.len()).step_by(7) {
        good[place] ^= 0x10;
        let code = post(good.clone()).await;
        assert!(code.status() < 500, "{code} at {place}");
        good[place] ^= 0x10;
    }
    assert_eq!(relay.whole_log(anna.first(), &chat).await.entries.len(), 1);
}
