//! `/keys`: A16, A17, A18, A24

use chatty_protocol::ErrorCode;
use chatty_protocol::limits::{
    CLAIM_BURST, CLAIM_REFILL_MS, CLAIM_REPEAT_MS, CLAIM_TARGETS, CLAIMED_KEY_MS, CLAIMS_BY_TICKET,
    DAY_MS, FALLBACK_MIN_MS, KEYS_PER_UPLOAD,
};
use chatty_protocol::prekey::{KIND_FALLBACK, KIND_ONE_TIME};
use chatty_protocol::rest::{ClaimedKeys, KeyCount};

use crate::kit::TestRelay;
use crate::kit::direct::open_session;
use crate::kit::keys::{claim, fallback, one_time, put, record, signed};
use crate::kit::person::agreement_key;
use crate::kit::relay::DATABASE;

/// The order-8 point and zero; protocol's own tests have all twelve.
const LOW_ORDER: [[u8; 32]; 3] = [
    [0; 32],
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4,
        0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49,
        0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef,
        0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f,
        0x11, 0x57,
    ],
];

#[tokio::test]
async fn a16_a_key_that_its_device_did_not_sign_is_refused() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    let mut forged = one_time(anna.first(), 1);
    let last = forged.0.len() - 1;
    forged.0[last] ^= 1;
    let of_ben = one_time(ben.first(), 1);
    // Signed by Ben, in Anna's name.
    let mut in_her_name = ben.first().clone();
    in_her_name.user = anna.user;
    in_her_name.id = anna.first().id;
    let stolen_name = one_time(&in_her_name, 1);
    // A one-time key cannot pass for a fallback key: another context was signed.
    let one = record(anna.first(), KIND_ONE_TIME, 1, agreement_key().0);
    let mut other = record(anna.first(), KIND_FALLBACK, 1, agreement_key().0);
    other.public = one.public.clone();
    let context_mixed = {
        let signature =
            *chatty_protocol::sign::Signed::<chatty_protocol::prekey::KeyRecord>::from_bytes(
                &signed(anna.first(), &one).0,
            )
            .unwrap()
            .signature();
        let inner = chatty_protocol::codec::encode(&other);
        chatty_protocol::sign::Signed::<chatty_protocol::prekey::KeyRecord>::from_parts(
            inner, signature,
        )
        .to_bytes()
        .into()
    };
    for (what, key) in [
        ("forged", forged),
        ("another device's", of_ben),
        ("stolen name", stolen_name),
        ("other context", context_mixed),
    ] {
        let answer = put(&relay, anna.first(), vec![one_time(anna.first(), 9), key]).await;
        assert_eq!(answer.code(), ErrorCode::Malformed, "{what}");
    }
    let count: KeyCount = relay.get(anna.first(), "/keys/count").await.json();
    assert_eq!(
        count.one_time_left, 0,
        "an upload is taken whole or not at all"
    );
}

#[tokio::test]
async fn a24_low_order_keys_are_refused_on_upload() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    for (index, point) in LOW_ORDER.into_iter().enumerate() {
        for kind in [KIND_ONE_TIME, KIND_FALLBACK] {
            let key = signed(anna.first(), &record(anna.first(), kind, 1, point));
            let answer = put(&relay, anna.first(), vec![key]).await;
            assert_eq!(
                answer.code(),
                ErrorCode::Malformed,
                "point {index}, kind {kind}"
            );
        }
    }
}

#[tokio::test]
async fn a18_an_upload_may_repeat_and_a_key_is_given_once() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    relay.direct(&anna, &ben).await;
    let keys: Vec<_> = (0..3).map(|id| one_time(ben.first(), id)).collect();
    for _ in 0..2 {
        let count: KeyCount = put(&relay, ben.first(), keys.clone()).await.json();
        assert_eq!(count.one_time_left, 3);
    }
    let other = put(&relay, ben.first(), vec![one_time(ben.first(), 2)]).await;
    assert_eq!((other.status, other.code()), (409, ErrorCode::KeyReused));
    let spare = fallback(ben.first(), 0);
    put(&relay, ben.first(), vec![spare.clone()])
        .await
        .json::<KeyCount>();
    let mut given = Vec::new();
    for id in 0..5 {
        // Each claim comes twice, as after a lost answer.
        let first: ClaimedKeys = claim(&relay, anna.first(), id, &[ben.first()]).await.json();
        let again: ClaimedKeys = claim(&relay, anna.first(), id, &[ben.first()]).await.json();
        assert_eq!(first, again);
        given.push(first.keys[0].key.clone().unwrap());
    }
    let mut one_time_keys = given[..3].to_vec();
    one_time_keys.sort_by(|a, b| a.0.cmp(&b.0));
    one_time_keys.dedup();
    assert_eq!(one_time_keys.len(), 3, "each key once");
    assert!(one_time_keys.iter().all(|key| keys.contains(key)));
    assert_eq!(given[3..], [spare.clone(), spare], "then the fallback");
    // A late repeat of the upload revives nothing.
    let count: KeyCount = put(&relay, ben.first(), keys).await.json();
    assert_eq!((count.one_time_left, count.fallback_used), (0, true));
}

#[tokio::test]
async fn a17_strangers_get_no_one_time_key() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let mut ben = relay.sign_up("ben").await;
    let spare = fallback(ben.first(), 0);
    put(
        &relay,
        ben.first(),
        vec![one_time(ben.first(), 0), spare.clone()],
    )
    .await;
    let stranger: ClaimedKeys = claim(&relay, anna.first(), 1, &[ben.first()]).await.json();
    assert_eq!(stranger.keys[0].code, Some(ErrorCode::ClaimRefused));
    // With a request ticket: the fallback key, once a day.
    relay.request(&anna, &ben).await;
    for id in 0..CLAIMS_BY_TICKET as u8 {
        let ticket = claim(&relay, anna.first(), 100 + id, &[ben.first()]).await;
        assert_eq!(
            ticket.json::<ClaimedKeys>().keys[0].key,
            Some(spare.clone())
        );
    }
    let again: ClaimedKeys = claim(&relay, anna.first(), 3, &[ben.first()]).await.json();
    assert_eq!(again.keys[0].code, Some(ErrorCode::ClaimRefused));
    relay.clock.advance(DAY_MS);
    let mut anna = anna;
    open_session(&relay, "anna", &mut anna.devices[0]).await;
    open_session(&relay, "ben", &mut ben.devices[0]).await;
    let tomorrow: ClaimedKeys = claim(&relay, anna.first(), 4, &[ben.first()]).await.json();
    assert_eq!(tomorrow.keys[0].key, Some(spare));
    let count: KeyCount = relay.get(ben.first(), "/keys/count").await.json();
    assert_eq!(count.one_time_left, 1);
}

#[tokio::test]
async fn a17_a_contact_has_a_burst_of_six_and_one_more_every_ten_minutes() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    relay.direct(&anna, &ben).await;
    let keys = (0..20).map(|id| one_time(ben.first(), id)).collect();
    put(&relay, ben.first(), keys).await.json::<KeyCount>();
    for id in 0..CLAIM_BURST as u8 {
        let given: ClaimedKeys = claim(&relay, anna.first(), id, &[ben.first()]).await.json();
        assert!(given.keys[0].key.is_some(), "claim {id}");
    }
    let seventh: ClaimedKeys = claim(&relay, anna.first(), 6, &[ben.first()]).await.json();
    assert_eq!(seventh.keys[0].code, Some(ErrorCode::ClaimRefused));
    // Asking again for what was refused gives nothing either.
    let again: ClaimedKeys = claim(&relay, anna.first(), 6, &[ben.first()]).await.json();
    assert_eq!(again.keys[0].code, Some(ErrorCode::ClaimRefused));
    relay.clock.advance(CLAIM_REFILL_MS);
    open_session(&relay, "anna", &mut anna.devices[0]).await;
    let one_more: ClaimedKeys = claim(&relay, anna.first(), 7, &[ben.first()]).await.json();
    assert!(one_more.keys[0].key.is_some());
    let none: ClaimedKeys = claim(&relay, anna.first(), 8, &[ben.first()]).await.json();
    assert_eq!(none.keys[0].code, Some(ErrorCode::ClaimRefused));
}

#[tokio::test]
async fn a_claim_names_devices_of_their_users_in_bounds() {
    let relay = TestRelay::start().await;
    let anna = relay.sign_up("anna").await;
    let ben = relay.sign_up("ben").await;
    relay.direct(&anna, &ben).await;
    let mut wrong_owner = ben.first().clone();
    wrong_owner.user = anna.user;
    let own = anna.first();
    let answer: ClaimedKeys = claim(&relay, own, 1, &[&wrong_owner, own]).await.json();
    let codes: Vec<_> = answer.keys.iter().map(|key| key.code).collect();
    assert_eq!(codes, [Some(ErrorCode::UnknownDevice); 2]);
    let many = vec![ben.first(); CLAIM_TARGETS + 1];
    assert_eq!(
        claim(&relay, own, 2, &many).await.code(),
        ErrorCode::TooLarge
    );
    assert_eq!(
        claim(&relay, own, 3, &[]).await.code(),
        ErrorCode::Malformed
    );
    let keys = vec![one_time(own, 1); KEYS_PER_UPLOAD + 1];
    assert_eq!(put(&relay, own, keys).await.code(), ErrorCode::TooLarge);
    let twice = vec![one_time(own, 1), one_time(own, 1)];
    assert_eq!(put(&relay, own, twice).await.code(), ErrorCode::Malformed);
}

#[tokio::test]
async fn a18_a_claim_is_repeated_for_ten_minutes_and_its_key_is_a_trace_for_seven_days() {
    let relay = TestRelay::start().await;
    let (mut anna, mut ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    relay.direct(&anna, &ben).await;
    let keys = vec![one_time(ben.first(), 0), one_time(ben.first(), 1)];
    put(&relay, ben.first(), keys.clone())
        .await
        .json::<KeyCount>();
    let first: ClaimedKeys = claim(&relay, anna.first(), 1, &[ben.first()]).await.json();
    // Nine repeats at odd times: none of them moves the moment when the claim is a new one.
    for wait in std::iter::repeat_n(60_599, 9).chain([CLAIM_REPEAT_MS - 1 - 9 * 60_599]) {
        relay.clock.advance(wait);
        let again: ClaimedKeys = claim(&relay, anna.first(), 1, &[ben.first()]).await.json();
        assert_eq!(first, again);
    }
    relay.clock.advance(2);
    open_session(&relay, "anna", &mut anna.devices[0]).await;
    let other: ClaimedKeys = claim(&relay, anna.first(), 1, &[ben.first()]).await.json();
    assert_ne!(first.keys[0].key, other.keys[0].key, "no repeat any more");
    claim(&relay, anna.first(), 2, &[ben.first()])
        .await
        .json::<ClaimedKeys>();
    let traces = || {
        let conn = rusqlite::Connection::open(relay.app.config.data.join(DATABASE)).unwrap();
        conn.query_row("SELECT count(*) FROM otk", [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    relay
        .clock
        .advance(CLAIMED_KEY_MS - CLAIM_REPEAT_MS - DAY_MS);
    relay.relay.run_due().await.unwrap();
    open_session(&relay, "ben", &mut ben.devices[0]).await;
    let count: KeyCount = put(&relay, ben.first(), keys).await.json();
    assert_eq!(
        (count.one_time_left, traces()),
        (0, 2),
        "a late repeat revives none"
    );
    relay.clock.advance(2 * DAY_MS);
    relay.relay.run_due().await.unwrap();
    assert_eq!(traces(), 0);
}

#[tokio::test]
async fn a_third_fallback_key_within_a_day_waits() {
    let relay = TestRelay::start().await;
    let mut anna = relay.sign_up("anna").await;
    for id in 0..2 {
        let taken = put(&relay, anna.first(), vec![fallback(anna.first(), id)]).await;
        assert_eq!(taken.status, 200, "key {id}: an upload may have been late");
    }
    let third = fallback(anna.first(), 2);
    let refused = put(&relay, anna.first(), vec![third.clone()]).await.error();
    let expected = (ErrorCode::RateLimited, Some(FALLBACK_MIN_MS));
    assert_eq!((refused.code, refused.retry_after_ms), expected);
    relay.clock.advance(FALLBACK_MIN_MS);
    open_session(&relay, "anna", &mut anna.devices[0]).await;
    assert_eq!(put(&relay, anna.first(), vec![third]).await.status, 200);
}
