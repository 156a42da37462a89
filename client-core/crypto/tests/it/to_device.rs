//! To-device bodies: every type survives its codec, and nothing crosses over from Megolm (A5).

use chatty_crypto::content::to_device::{
    ConvKey, ConvMeta, Evidence, KeyForward, KeyRequest, OlmReset, Profile, SecretRequest,
    SecretSend, Subject, Sync, ToDeviceBody, TrustPart, TrustPin, Verify, Withheld, WithheldCode,
};
use chatty_protocol::codec::{Any, Bytes, Fixed, encode};
use chatty_protocol::sign::Head;
use chatty_protocol::{ConvId, DeviceId, UserId};
use proptest::prelude::*;

fn head(seq: u64) -> Head {
    Head {
        seq,
        hash: Fixed([4; 32]),
    }
}

fn every_body() -> Vec<ToDeviceBody> {
    let conv = ConvId::from_rest([1; 32]);
    let user = UserId::from_rest([2; 32]);
    let device = DeviceId::from_rest([3; 16]);
    vec![
        ToDeviceBody::ConvKey(ConvKey {
            conv,
            session_key: Bytes(vec![5; 229]),
            gen_no: 3,
            first_seq: 7,
            chain: Fixed([6; 32]),
            closes: Some((2, 6)),
            conv_head: head(1),
            your_head: head(2),
            shareable: true,
            meta_key: Some((Fixed([1; 8]), Fixed([2; 32]))),
        }),
        ToDeviceBody::Withheld(Withheld {
            conv,
            session: Fixed([1; 32]),
            gen_no: 1,
            code: WithheldCode::Dormant,
        }),
        ToDeviceBody::ConvMeta(ConvMeta {
            conv,
            key_id: Fixed([1; 8]),
            key: Fixed([2; 32]),
            invite_head: head(1),
        }),
        ToDeviceBody::KeyRequest(KeyRequest {
            request: Fixed([1; 16]),
            conv,
            session: Fixed([1; 32]),
            owner: device,
        }),
        ToDeviceBody::KeyForward(KeyForward {
            request: Fixed([1; 16]),
            conv,
            owner_user: user,
            owner: device,
            exported: Bytes(vec![9; 165]),
        }),
        ToDeviceBody::OlmReset(OlmReset {
            session: Fixed([1; 32]),
            last_ctr: 9,
        }),
        ToDeviceBody::OlmAck,
        ToDeviceBody::SecretRequest(SecretRequest {
            request: Fixed([1; 16]),
            name: "backup".into(),
        }),
        ToDeviceBody::SecretSend(SecretSend {
            request: Fixed([1; 16]),
            name: "backup".into(),
            secret: Bytes(vec![1; 32]),
        }),
        ToDeviceBody::Verify(Verify {
            txn: Fixed([1; 16]),
            step: 1,
            bytes: Bytes(vec![0x80]),
        }),
        ToDeviceBody::Trust(TrustPart {
            version: 1,
            part: 0,
            parts: 1,
            pins: vec![TrustPin {
                user,
                aik: Fixed([1; 32]),
                head: head(3),
                state: 2,
                since: 1,
            }],
            heads: vec![(conv, head(1))],
        }),
        ToDeviceBody::Sync(Sync::Read {
            conv,
            positions: vec![(device, 4)],
            time: 9,
        }),
        ToDeviceBody::Sync(Sync::Setting {
            name: "device/x".into(),
            value: Any(encode(&1u64)),
            rev: 2,
        }),
        ToDeviceBody::Evidence(Evidence {
            subject: Subject::User(user),
            entries: vec![Bytes(vec![1])],
        }),
        ToDeviceBody::Evidence(Evidence {
            subject: Subject::Conv(conv),
            entries: vec![Bytes(vec![1])],
        }),
        ToDeviceBody::Profile(Profile {
            rev: 1,
            name: "Ada".into(),
            avatar: None,
        }),
    ]
}

#[test]
fn every_type_survives_its_codec() {
    for body in every_body() {
        let bytes = body.to_body();
        assert_eq!(ToDeviceBody::from_body(body.kind(), &bytes), Ok(body));
    }
}

#[test]
fn a5_no_body_is_taken_under_another_type() {
    for body in every_body() {
        let bytes = body.to_body();
        for kind in (1..=13).chain([22]).filter(|kind| *kind != body.kind()) {
            // Two shapes coincide by design: they differ in what stands in them, and the type
            // number is inside the authenticated payload.
            let Ok(other) = ToDeviceBody::from_body(kind, &bytes) else {
                continue;
            };
            assert_ne!(other.kind(), body.kind());
        }
    }
}

#[test]
fn a5_conversation_content_is_no_to_device_body_and_the_other_way_round() {
    for body in every_body() {
        let bytes = body.to_body();
        assert!(
            chatty_crypto::content::Content::from_bytes(&bytes.0).is_err(),
            "{body:?}"
        );
    }
}

#[test]
fn debug_shows_no_secret() {
    for body in every_body() {
        let text = format!("{body:?}");
        assert!(!text.contains("5, 5, 5"), "{text}");
        assert!(!text.contains("9, 9, 9"), "{text}");
    }
}

proptest! {
    #[test]
    fn a29_arbitrary_bytes_never_panic(kind in 0u64..30, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = ToDeviceBody::from_body(kind, &Any(bytes));
    }

    #[test]
    fn a29_a_flipped_bit_never_panics_and_never_breaks_canonical_form(
        index in 0usize..16, byte in 0usize..600, bit in 0u8..8,
    ) {
        let body = every_body().swap_remove(index);
        let mut bytes = body.to_body().0;
        let at = byte % bytes.len();
        bytes[at] ^= 1 << bit;
        if let Ok(read) = ToDeviceBody::from_body(body.kind(), &Any(bytes.clone())) {
            prop_assert_eq!(read.to_body().0, bytes);
        }
    }
}
