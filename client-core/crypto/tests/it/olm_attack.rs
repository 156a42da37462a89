//! Attacks on Olm.

use chatty_crypto::dispatch::Received;
use chatty_crypto::olm::{self, ClaimError, Ignored, Payload, bind};
use chatty_crypto::padding;
use chatty_protocol::codec::{Bytes, Ext, Fixed, V1, encode};
use chatty_protocol::envelope::Item;
use chatty_protocol::frame::TdItem;
use chatty_protocol::limits;
use chatty_protocol::prekey::{KIND_ONE_TIME, KeyRecord};
use chatty_protocol::sign::{SignContext, Signed, message_to_sign};
use vodozemac::Curve25519PublicKey;
use vodozemac::olm::{Account, OlmMessage, Session, SessionConfig};

use crate::kit::{Device, delivered, meet, note, second_device};

/// Points of small order and their non-canonical forms: no secret comes of them.
const LOW_ORDER: [&str; 12] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "cdeb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880",
    "4c9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
    "d9ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "daffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "dbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

/// A device whose ratchet the test drives itself: it can seal any payload.
pub struct Mallory {
    pub device: Device,
    account: Account,
}

impl Mallory {
    pub fn new(seed: u64) -> Self {
        let device = Device::sign_up(seed);
        let account = account_of(&device);
        Self { device, account }
    }

    pub fn session_to(&self, victim: &mut Device) -> Session {
        let record: Signed<KeyRecord> = Signed::from_bytes(&victim.claim_key(false)).unwrap();
        let public: [u8; 32] = record.open().unwrap().public.0.try_into().unwrap();
        self.account
            .create_outbound_session(
                SessionConfig::version_1(),
                Curve25519PublicKey::from_bytes(victim.own().curve25519.0),
                Curve25519PublicKey::from_bytes(public),
            )
            .unwrap()
    }

    pub fn payload(&mut self, victim: &mut Device, text: &str, counter: u64) -> Payload {
        let own = self.device.own();
        let theirs = victim.own();
        let body = note(text);
        Payload {
            version: V1,
            bind: bind(&keys_of(&own), &keys_of(&theirs)),
            cert: Some(Bytes(own.cert.to_bytes())),
            kind: body.kind(),
            pair_ctr: counter,
            id: Fixed([counter as u8; 16]),
            expires: victim.now_ms + 1_000_000,
            body: body.to_body(),
            ext: Ext::default(),
        }
    }

    pub fn seal(&mut self, session: &mut Session, to: &Device, payload: &Payload) -> TdItem {
        let padded = padding::pad(&encode(payload)).unwrap();
        let message = session.encrypt(&padded).unwrap();
        self.device.n += 1;
        TdItem {
            user: self.device.user,
            device: self.device.device,
            n: self.device.n,
            item: Item {
                id: payload.id,
                to: to.device,
                suite: 1,
                kind: matches!(message, OlmMessage::Normal(_)).into(),
                hint: Fixed([0; 8]),
                olm: Bytes(message.to_parts().1),
                expires: payload.expires,
                ext: Ext::default(),
            },
        }
    }
}

fn account_of(device: &Device) -> Account {
    let key = (chatty_crypto::view::Table::Own, b"account".to_vec());
    let pickle = ciborium::from_reader(device.store.rows[&key].as_slice()).unwrap();
    Account::from_pickle(pickle)
}

fn keys_of(own: &chatty_crypto::identity::Own) -> olm::PairKeys {
    olm::PairKeys {
        peer: olm::Peer {
            user: own.user,
            device: own.device,
        },
        ed25519: own.ed25519,
        curve25519: own.curve25519,
    }
}

#[test]
fn a2_an_unsigned_device_is_neither_heard_nor_written_to() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    // The relay makes a device of A's account up, with keys of its own.
    let mut forged = Device::waiting(66, a.user);
    let log = a.log_entries();
    let user = a.user;
    forged.learn(&user, &log);
    forged.publish(0, false);
    let record = forged.claim_key(false);
    let target = forged.peer();
    assert!(matches!(
        b.run(|tx| olm::claimed(tx, &target, Some(&record))),
        Err(ClaimError::Crypto(
            chatty_crypto::CryptoError::UnknownDevice(_)
        ))
    ));
    let mut mallory = Mallory {
        account: account_of(&forged),
        device: forged,
    };
    let mut session = mallory.session_to(&mut b);
    let payload = mallory.payload(&mut b, "hello", 1);
    let item = mallory.seal(&mut session, &b, &payload);
    assert_eq!(b.receive(&item), Received::Ignored(Ignored::NotLive));
}

#[test]
fn a9_a_pre_key_message_must_carry_the_sender_s_own_certificate() {
    let mut mallory = Mallory::new(1);
    let (mut b, mut c) = (Device::sign_up(2), Device::sign_up(3));
    meet(&mut mallory.device, &mut b);
    let foreign = c.own().cert.to_bytes();
    for cert in [None, Some(foreign), Some(vec![0x80])] {
        let mut session = mallory.session_to(&mut b);
        let mut payload = mallory.payload(&mut b, "x", 1);
        payload.cert = cert.map(Bytes);
        let item = mallory.seal(&mut session, &b, &payload);
        assert_eq!(b.receive(&item), Received::Ignored(Ignored::Misbound));
    }
    let mut session = mallory.session_to(&mut b);
    let payload = mallory.payload(&mut b, "x", 1);
    let item = mallory.seal(&mut session, &b, &payload);
    assert!(delivered(&b.receive(&item), "x"));
}

#[test]
fn a15_every_part_of_the_binding_counts() {
    let mut mallory = Mallory::new(1);
    let mut b = Device::sign_up(2);
    let mut c = Device::sign_up(3);
    meet(&mut mallory.device, &mut b);
    let from = keys_of(&mallory.device.own());
    let to = keys_of(&b.own());
    let other = keys_of(&c.own());
    let mut wrong = Vec::new();
    for part in 0..4 {
        let mut changed = (from, to);
        for side in [&mut changed.0, &mut changed.1] {
            let before = *side;
            match part {
                0 => side.peer.user = other.peer.user,
                1 => side.peer.device = other.peer.device,
                2 => side.ed25519 = other.ed25519,
                _ => side.curve25519 = other.curve25519,
            }
            assert_ne!(before, *side);
        }
        wrong.push(bind(&changed.0, &to));
        wrong.push(bind(&from, &changed.1));
    }
    wrong.push(bind(&to, &from));
    for (i, wrong) in wrong.into_iter().enumerate() {
        let before = b.store.clone();
        let mut session = mallory.session_to(&mut b);
        let mut payload = mallory.payload(&mut b, "x", 1);
        payload.bind = wrong;
        let item = mallory.seal(&mut session, &b, &payload);
        assert_eq!(
            b.receive(&item),
            Received::Ignored(Ignored::Misbound),
            "case {i}"
        );
        // The key stays used up and the id remembered, but no session is kept (wire §4).
        let sessions = |device: &crate::kit::Store| {
            device
                .rows
                .keys()
                .filter(|(table, _)| *table == chatty_crypto::view::Table::OlmSession)
                .count()
        };
        assert_eq!(sessions(&before), sessions(&b.store));
        assert_eq!(b.receive(&item), Received::Ignored(Ignored::Repeat));
    }
}

#[test]
fn a15_an_item_re_addressed_to_another_device_is_not_taken() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let mut b2 = second_device(&mut b, 12);
    let log = b.log_entries();
    let user = b.user;
    a.learn(&user, &log);
    let log = a.log_entries();
    let user = a.user;
    b2.learn(&user, &log);
    a.open_session(&mut b, false);
    let mut item = a.encrypt(b.peer(), &note("x")).unwrap();
    assert_eq!(b2.receive(&item), Received::Ignored(Ignored::NotForUs));
    item.item.to = b2.device;
    assert!(matches!(b2.receive(&item), Received::Failed(_)));
}

#[test]
fn a16_unsigned_foreign_and_mislabelled_keys_are_refused() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let good = b.claim_key(false);
    let record: Signed<KeyRecord> = Signed::from_bytes(&good).unwrap();
    let account = account_of(&b);
    let inner = record.open().unwrap();
    let resign = |change: &dyn Fn(&mut KeyRecord), context: SignContext| {
        let mut inner = inner.clone();
        change(&mut inner);
        let inner = encode(&inner);
        let signature = account.sign(message_to_sign(context, &inner)).to_bytes();
        Signed::<KeyRecord>::from_parts(inner, signature).to_bytes()
    };
    let target = b.peer();
    let foreign = Device::sign_up(9);
    let identity = b.own().curve25519.0.to_vec();
    let own_identity = a.own().curve25519.0.to_vec();
    let mut own_key = a.claim_key(false);
    let own_public = Signed::<KeyRecord>::from_bytes(&own_key)
        .unwrap()
        .open()
        .unwrap()
        .public
        .0;
    let bad = vec![
        Signed::<KeyRecord>::from_parts(record.inner().to_vec(), [0; 64]).to_bytes(),
        resign(&|_| {}, SignContext::Fallback),
        resign(&|_| {}, SignContext::DeviceCert),
        resign(&|key| key.user = foreign.user, SignContext::Otk),
        resign(&|key| key.device = foreign.device, SignContext::Otk),
        resign(&|key| key.kind = 3, SignContext::Otk),
        resign(&|key| key.suite = 2, SignContext::Otk),
        resign(&|key| key.public = Bytes(vec![1; 31]), SignContext::Otk),
        resign(
            &|key| key.public = Bytes(identity.clone()),
            SignContext::Otk,
        ),
        resign(
            &|key| key.public = Bytes(own_identity.clone()),
            SignContext::Otk,
        ),
        resign(
            &|key| key.public = Bytes(own_public.clone()),
            SignContext::Otk,
        ),
        std::mem::take(&mut own_key),
        vec![0xff],
    ];
    for (i, bytes) in bad.iter().enumerate() {
        let result = a.run(|tx| olm::claimed(tx, &target, Some(bytes)));
        assert!(result.is_err(), "case {i}");
    }
    let own = a.peer();
    assert_eq!(
        a.run(|tx| olm::claimed(tx, &own, Some(&good))),
        Err(ClaimError::Oneself)
    );
    assert_eq!(
        a.run(|tx| olm::claimed(tx, &target, None)),
        Err(ClaimError::NoKey)
    );
    assert!(a.run(|tx| olm::claimed(tx, &target, Some(&good))).is_ok());
}

#[test]
fn a24_low_order_keys_are_refused_on_claim_and_inbound() {
    let (mut a, mut b) = (Device::sign_up(1), Device::sign_up(2));
    meet(&mut a, &mut b);
    let account = account_of(&b);
    let record: Signed<KeyRecord> = Signed::from_bytes(&b.claim_key(false)).unwrap();
    let target = b.peer();
    for point in LOW_ORDER {
        let bytes = data_encoding::HEXLOWER.decode(point.as_bytes()).unwrap();
        let mut inner = record.open().unwrap();
        assert_eq!(inner.kind, KIND_ONE_TIME);
        inner.public = Bytes(bytes.clone());
        let inner = encode(&inner);
        let signature = account
            .sign(message_to_sign(SignContext::Otk, &inner))
            .to_bytes();
        let signed = Signed::<KeyRecord>::from_parts(inner, signature).to_bytes();
        assert!(
            matches!(
                a.run(|tx| olm::claimed(tx, &target, Some(&signed))),
                Err(ClaimError::Unsafe(_) | ClaimError::Record(_))
            ),
            "{point}"
        );
    }
    // Inbound: the base key of a pre-key message is replaced (bytes 1+1+1+32 are the one-time
    // key, then tag, length and the base key).
    a.open_session(&mut b, false);
    let good = a.encrypt(b.peer(), &note("x")).unwrap();
    for point in LOW_ORDER {
        let bytes = data_encoding::HEXLOWER.decode(point.as_bytes()).unwrap();
        let mut item = good.clone();
        let base = 1 + 2 + 32 + 2;
        item.item.olm.0[base..base + 32].copy_from_slice(&bytes);
        // The budget is not what refuses here.
        b.now_ms += limits::MINUTE_MS;
        assert!(matches!(b.receive(&item), Received::Failed(_)), "{point}");
    }
    assert!(delivered(&b.receive(&good), "x"));
}
