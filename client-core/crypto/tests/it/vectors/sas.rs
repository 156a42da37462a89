//! The short code of a device approval, from given ephemeral keys. vodozemac draws its own, so
//! the derivation stands here a second time, and tests hold it against vodozemac and the product.

use chatty_crypto::approval::{EMOJI, Label, LinkFrame, Newcomer, NewcomerStep};
use chatty_protocol::UserId;
use chatty_protocol::certificate::Certificate;
use chatty_protocol::codec::{Bytes, Ext, Fixed, V1, decode_exact, encode};
use chatty_protocol::sign::{Head, Key, SignContext, Signed, hash, message_to_sign};
use data_encoding::BASE64_NOPAD;
use ed25519_dalek::{Signer, SigningKey};
use hkdf::Hkdf;
use hkdf::hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use vodozemac::Curve25519PublicKey;
use vodozemac::sas::Sas;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};

use super::hex;
use crate::kit::Device;

const EPH_N: [u8; 32] = [0x4e; 32];
const EPH_T: [u8; 32] = [0x54; 32];

fn public(secret: [u8; 32]) -> [u8; 32] {
    x25519(secret, X25519_BASEPOINT_BYTES)
}

fn expand<const N: usize>(shared: &[u8; 32], info: &str) -> [u8; N] {
    let mut out = [0; N];
    Hkdf::<Sha256>::new(None, shared)
        .expand(info.as_bytes(), &mut out)
        .unwrap();
    out
}

/// What the two users compare.
#[derive(Debug, PartialEq, Eq)]
struct Code {
    bytes: [u8; 6],
    emoji: [u8; 7],
    digits: [u16; 3],
}

fn code(shared: &[u8; 32], transcript: &str) -> Code {
    let bytes: [u8; 6] = expand(shared, &format!("chatty/v1/sas|{transcript}"));
    let bits = bytes
        .iter()
        .fold(0u64, |n, byte| (n << 8) | u64::from(*byte));
    Code {
        bytes,
        emoji: std::array::from_fn(|at| ((bits >> (42 - 6 * at)) & 63) as u8),
        digits: std::array::from_fn(|at| 1000 + ((bits >> (35 - 13 * at)) & 0x1fff) as u16),
    }
}

fn mac(shared: &[u8; 32], transcript: &str, role: char) -> Vec<u8> {
    let key: [u8; 32] = expand(shared, &format!("chatty/v1/sas-mac|{role}"));
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(transcript.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn transcript(messages: [&[u8]; 4]) -> String {
    BASE64_NOPAD.encode(&hash("sas", &messages.concat()).0)
}

fn certificate(user: UserId, seed: u8) -> Signed<Certificate> {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let inner = encode(&Certificate {
        version: V1,
        suite: 1,
        user,
        ed25519: Fixed(key.verifying_key().to_bytes()),
        curve25519: Fixed([seed; 32]),
        created: 1_700_000_000_000,
        suites: vec![1],
        ext: Ext::default(),
    });
    let signature = key.sign(&message_to_sign(SignContext::DeviceCert, &inner));
    Signed::from_parts(inner, signature.to_bytes())
}

pub(super) fn emoji() -> Value {
    let row = |(number, emoji): (usize, &chatty_crypto::approval::Emoji)| json!({ "number": number, "symbol": emoji.symbol, "name": emoji.name });
    EMOJI.iter().enumerate().map(row).collect()
}

pub(super) fn run() -> Value {
    let aik: Key = Fixed(SigningKey::from_bytes(&[1; 32]).verifying_key().to_bytes());
    let user = UserId::of_aik(&aik);
    let head = Head {
        seq: 3,
        hash: Fixed([0x55; 32]),
    };
    let label = ("Kitchen tablet", "linux");
    let m1 = encode(&(
        Fixed([7; 16]),
        certificate(user, 110),
        user,
        aik,
        head,
        label,
    ));
    let t = (certificate(user, 101), aik, head);
    let eph_t = Fixed(public(EPH_T));
    let commit = hash(
        "sas-commit",
        &[&encode(&eph_t), &m1[..], &encode(&t)].concat(),
    );
    let m2 = encode(&(commit,));
    let m3 = encode(&(Fixed(public(EPH_N)),));
    let m4 = encode(&(eph_t, t));
    let transcript = transcript([&m1, &m2, &m3, &m4]);
    let shared = x25519(EPH_N, eph_t.0);
    assert_eq!(shared, x25519(EPH_T, public(EPH_N)));
    let code = code(&shared, &transcript);
    json!({
        "eph_n_secret": hex(EPH_N), "eph_t_secret": hex(EPH_T), "shared_secret": hex(shared),
        "m1": hex(m1), "m2": hex(m2), "m3": hex(m3), "m4": hex(m4), "commit": hex(commit),
        "transcript": transcript, "sas_bytes": hex(code.bytes), "digits": code.digits,
        "emoji": code.emoji.map(|at| EMOJI[usize::from(at)].name),
        "mac_n": hex(mac(&shared, &transcript, 'N')), "mac_t": hex(mac(&shared, &transcript, 'T')),
    })
}

#[test]
fn the_derivation_is_the_one_of_vodozemac() {
    for secret in 1..=20 {
        let own = [secret; 32];
        let sas = Sas::new();
        let shared = x25519(own, sas.public_key().to_bytes());
        let theirs = Curve25519PublicKey::from_bytes(public(own));
        let established = sas.diffie_hellman(theirs).unwrap();
        let transcript = BASE64_NOPAD.encode(&[secret; 32]);
        let bytes = established.bytes(&format!("chatty/v1/sas|{transcript}"));
        let (first, second, third) = bytes.decimals();
        let expected = Code {
            bytes: *bytes.as_bytes(),
            emoji: bytes.emoji_indices(),
            digits: [first, second, third],
        };
        assert_eq!(code(&shared, &transcript), expected);
        let theirs = established.calculate_mac(&transcript, "chatty/v1/sas-mac|N");
        assert_eq!(mac(&shared, &transcript, 'N'), theirs.as_bytes());
    }
}

/// A trusted device that was written from the document alone, against the product's new device.
#[test]
fn the_product_shows_the_same_code() {
    let mut old = Device::sign_up(802);
    let mut new = Device::waiting(803, old.user);
    let (user, entries) = (old.user, old.log_entries());
    new.learn(&user, &entries);
    let label = Label {
        name: "Kitchen tablet".into(),
        platform: "linux".into(),
    };
    let (mut run, m1) = new.run(|tx| Newcomer::start(tx, label)).unwrap().unwrap();
    let log = old
        .run(|tx| chatty_crypto::device_log::get_or_fail(tx, &user))
        .unwrap();
    let t = (old.own().cert, log.aik, log.head);
    let eph = Fixed(public(EPH_T));
    let committed = hash(
        "sas-commit",
        &[&encode(&eph), &m1.bytes.0[..], &encode(&t)].concat(),
    );
    let frame = |step, bytes: Vec<u8>| LinkFrame {
        step,
        bytes: Bytes(bytes),
    };
    let m2 = encode(&(committed,));
    let NewcomerStep::Send(m3) = new.run(|tx| run.frame(tx, &frame(2, m2.clone()))).unwrap() else {
        panic!("m3");
    };
    let (eph_n,): (Key,) = decode_exact(&m3.bytes.0).unwrap();
    let m4 = encode(&(eph, t));
    let NewcomerStep::Compare(shown) = new.run(|tx| run.frame(tx, &frame(4, m4.clone()))).unwrap()
    else {
        panic!("code");
    };
    let transcript = transcript([&m1.bytes.0, &m2, &m3.bytes.0, &m4]);
    let shared = x25519(EPH_T, eph_n.0);
    let expected = code(&shared, &transcript);
    assert_eq!(shown.digits, expected.digits);
    assert_eq!(
        shown.emoji.map(|emoji| emoji.name),
        expected.emoji.map(|at| EMOJI[usize::from(at)].name)
    );
    let mac_t = mac(&shared, &transcript, 'T');
    new.run(|tx| run.user_says(tx, true)).unwrap();
    let last = new.run(|tx| run.frame(tx, &frame(6, mac_t))).unwrap();
    assert_eq!(last, NewcomerStep::Approved { by: old.device });
}
