//! Padding and conversation content.

use chatty_crypto::content::mark::{Receipt, Row};
use chatty_crypto::content::message::{Edit, Reaction, Span, Text};
use chatty_crypto::content::meta::MetaContent;
use chatty_crypto::content::{Body, Content, EXT_FALLBACK, MessageRef};
use chatty_crypto::padding::{bucket, pad, unpad};
use chatty_protocol::codec::{Any, Ext, Fixed, encode};
use chatty_protocol::{DeviceId, MsgId, UserId, limits};
use proptest::prelude::*;

fn user(n: u8) -> UserId {
    UserId::of_aik(&Fixed([n; 32]))
}

fn content(body: Body) -> Content {
    Content {
        msg: MsgId::from_rest([1; 16]),
        sent_at: 5,
        expires_s: 0,
        rel: None,
        body,
        ext: Ext::default(),
    }
}

proptest! {
    #[test]
    fn padding_comes_off_again(bytes in proptest::collection::vec(any::<u8>(), 0..20_000)) {
        let padded = pad(&bytes).unwrap();
        prop_assert_eq!(unpad(&padded).unwrap(), &bytes[..]);
        prop_assert_eq!(padded.len(), bucket(bytes.len() + 4));
    }

    #[test]
    fn padding_costs_at_most_an_eighth(len in 4_097usize..4_000_000) {
        let padded = bucket(len);
        prop_assert!(padded >= len);
        prop_assert!((padded - len) * 8 <= len, "{} {}", len, padded);
        prop_assert_eq!(bucket(padded), padded);
    }

    /// Whatever is changed in the padding is noticed; a changed length or byte of the plaintext never reads as the same.
    #[test]
    fn a13_padding_is_strict(
        bytes in proptest::collection::vec(any::<u8>(), 0..2_000),
        place in any::<prop::sample::Index>(),
        bit in 0u8..8,
    ) {
        let padded = pad(&bytes).unwrap();
        let mut changed = padded.clone();
        let place = place.index(changed.len());
        changed[place] ^= 1 << bit;
        if let Ok(read) = unpad(&changed) {
            prop_assert!(place < 4 + bytes.len());
            prop_assert_ne!(read, &bytes[..]);
        }
        let mut longer = padded;
        longer.push(0);
        prop_assert!(unpad(&longer).is_err());
    }

    #[test]
    fn a29_no_bytes_make_the_decoder_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(content) = Content::from_bytes(&bytes) {
            prop_assert_eq!(content.to_bytes(), bytes);
        }
    }
}

#[test]
fn every_type_reads_back() {
    let device = DeviceId::from_rest([2; 16]);
    let row = Row {
        seq: 9,
        device,
        msg: MsgId::from_rest([3; 16]),
    };
    let text = Text {
        text: "héllo @anna".into(),
        spans: vec![Span {
            start: 7,
            len: 5,
            kind: 8,
            arg: Some(user(1).to_string()),
        }],
        mentions: vec![user(1)],
    };
    let rel = Some(MessageRef {
        author: user(1),
        msg: MsgId::from_rest([4; 16]),
    });
    for body in [
        Body::Text(text.clone()),
        Body::Edit(Edit { rev: 2, text }),
        Body::Delete,
        Body::Reaction(Reaction {
            rev: 1,
            emoji: "❤️".into(),
        }),
        Body::Receipt(Receipt {
            delivered: Some(row.clone()),
            read: None,
            missing: vec![1, 4],
        }),
        Body::Typing(chatty_crypto::content::flash::Typing { on: false }),
        Body::Unknown {
            kind: 20,
            body: Any(vec![0x80]),
        },
    ] {
        let mut content = content(body);
        content.rel = rel.clone();
        assert_eq!(Content::from_bytes(&content.to_bytes()).unwrap(), content);
    }
}

#[test]
fn limits_hold_at_their_borders() {
    let long = |bytes: usize| content(Body::Text(Text::plain("x".repeat(bytes)))).check();
    assert!(long(limits::TEXT_BYTES).is_ok());
    assert!(long(limits::TEXT_BYTES + 1).is_err());
    let mut timed = content(Body::Delete);
    timed.rel = Some(MessageRef {
        author: user(1),
        msg: timed.msg,
    });
    timed.expires_s = limits::EXPIRES_MAX_S;
    assert!(timed.check().is_ok());
    timed.expires_s += 1;
    assert!(timed.check().is_err());
    let spanned = |start, len| {
        let mut text = Text::plain("añb");
        text.spans.push(Span {
            start,
            len,
            kind: 1,
            arg: None,
        });
        text.check()
    };
    assert!(spanned(1, 2).is_ok());
    assert!(spanned(1, 1).is_err(), "inside a character");
    assert!(spanned(0, 5).is_err(), "beyond the end");
    assert!(spanned(0, 0).is_err(), "empty");
    assert!(spanned(u64::MAX, 2).is_err());
    let mut twice = Text::plain("x");
    twice.mentions = vec![user(1), user(1)];
    assert!(twice.check().is_err());
    let emoji = "x".repeat(limits::REACTION_BYTES + 1);
    assert!(Reaction { rev: 1, emoji }.check().is_err());
    assert!(
        MetaContent::titled("x".repeat(limits::TITLE_BYTES))
            .to_bytes()
            .is_ok()
    );
    assert!(
        MetaContent::titled("x".repeat(limits::TITLE_BYTES + 1))
            .to_bytes()
            .is_err()
    );
}

#[test]
fn a_long_fallback_is_not_shown() {
    let mut unknown = content(Body::Unknown {
        kind: 9,
        body: Any(vec![0x80]),
    });
    let long = "x".repeat(limits::FALLBACK_TEXT_BYTES + 1);
    unknown
        .ext
        .0
        .insert(EXT_FALLBACK, Any(encode(&long.as_str())));
    assert_eq!(unknown.fallback(), None);
    unknown.ext.0.insert(EXT_FALLBACK, Any(vec![0x01]));
    assert_eq!(unknown.fallback(), None);
}

#[test]
fn an_empty_receipt_has_no_form() {
    assert!(
        Receipt {
            delivered: None,
            read: None,
            missing: Vec::new()
        }
        .check()
        .is_err()
    );
}
