//! Start-up self-test (A28). A build in which vodozemac skips MAC or signature checks, or in
//! which a primitive gives other answers than it must, may not run.

use chatty_protocol::codec::Fixed;
use chatty_protocol::sign::{SignContext, message_to_sign, sha256, verify};
use vodozemac::Ed25519SecretKey;
use vodozemac::megolm::{GroupSession, InboundGroupSession, MegolmMessage, SessionConfig};
use vodozemac::olm;

use crate::recovery::RecoverySecret;

/// Which check did not do what it must; the process exits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("self-test failed: {0}")]
pub struct SelfTestError(pub &'static str);

/// Text of the 20 bytes `chatty self-test key`, computed by an independent program.
const KNOWN_TEXT: &str = "CDM6Q-2X3M1-F4G77-6SBC8-CRPQ0-8SBKM-EGG6B-PSBSY";
/// SHA-256 of the public AIK that follows from them, computed by an independent program.
const KNOWN_AIK_SHA256: [u8; 32] = [
    0x80, 0x85, 0xbf, 0x99, 0xa9, 0xc7, 0x4b, 0xc2, 0x9d, 0xda, 0x03, 0xb6, 0xf9, 0xba, 0xce, 0x41,
    0x8f, 0x01, 0x35, 0xfc, 0x31, 0xb0, 0x3b, 0xa7, 0x6b, 0xdd, 0xf0, 0x98, 0x7b, 0xc2, 0xf3, 0x26,
];

/// Runs every check once; takes a few milliseconds.
pub fn run() -> Result<(), SelfTestError> {
    megolm()?;
    olm_session()?;
    signatures()?;
    known_answers()
}

fn require(holds: bool, what: &'static str) -> Result<(), SelfTestError> {
    holds.then_some(()).ok_or(SelfTestError(what))
}

fn megolm() -> Result<(), SelfTestError> {
    let mut sender = GroupSession::new(SessionConfig::version_1());
    let key = sender.session_key();
    let mut receiver = InboundGroupSession::new(&key, SessionConfig::version_1());
    let good = sender.encrypt(b"self-test").to_bytes();
    let mut opens = |bytes: &[u8]| {
        MegolmMessage::from_bytes(bytes)
            .ok()
            .and_then(|message| receiver.decrypt(&message).ok())
            .is_some_and(|plain| plain.plaintext == b"self-test")
    };
    require(opens(&good), "Megolm does not open its own message")?;
    let mut bad_signature = good.clone();
    flip_last(&mut bad_signature, 0);
    require(!opens(&bad_signature), "Megolm accepts a bad signature")?;
    bad_megolm_mac()?;
    let mut bad_key = key.to_bytes();
    flip_last(&mut bad_key, 0);
    require(
        vodozemac::megolm::SessionKey::from_bytes(&bad_key).is_err(),
        "a session key with a bad signature is accepted",
    )
}

/// A MAC cannot be changed without breaking the signature over it, so the ratchet is exchanged
/// under the same signing key instead: the signature holds and only the MAC can refuse.
fn bad_megolm_mac() -> Result<(), SelfTestError> {
    let mut sender = GroupSession::new(SessionConfig::version_1());
    let mut exported = InboundGroupSession::from(&sender)
        .export_at_first_known_index()
        .to_bytes();
    let message = sender.encrypt(b"self-test");
    // Version and index take 5 bytes, the ratchet the next 128.
    if let Some(byte) = exported.get_mut(5 + 127) {
        *byte ^= 1;
    }
    let forged = vodozemac::megolm::ExportedSessionKey::from_bytes(&exported)
        .map_err(|_| SelfTestError("an exported session key cannot be read"))?;
    let mut forged = InboundGroupSession::import(&forged, SessionConfig::version_1());
    let refused = matches!(
        forged.decrypt(&message),
        Err(vodozemac::megolm::DecryptionError::InvalidMAC(_))
    );
    require(refused, "Megolm accepts a bad MAC")
}

fn olm_session() -> Result<(), SelfTestError> {
    let failed = SelfTestError("Olm does not open its own message");
    let alice = olm::Account::new();
    let mut bob = olm::Account::new();
    bob.generate_one_time_keys(1);
    let one_time = *bob.one_time_keys().values().next().ok_or(failed)?;
    let mut session = alice
        .create_outbound_session(
            olm::SessionConfig::version_1(),
            bob.curve25519_key(),
            one_time,
        )
        .map_err(|_| failed)?;
    let message = session.encrypt("self-test").map_err(|_| failed)?;
    let olm::OlmMessage::PreKey(good) = message else {
        return Err(failed);
    };
    let mut bytes = good.to_bytes();
    flip_last(&mut bytes, 0);
    let bad = olm::PreKeyMessage::from_bytes(&bytes).map_err(|_| failed)?;
    let config = olm::SessionConfig::version_1();
    let refused = bob
        .create_inbound_session(config, alice.curve25519_key(), &bad)
        .is_err();
    require(refused, "Olm accepts a bad MAC")?;
    let opened = bob
        .create_inbound_session(config, alice.curve25519_key(), &good)
        .map_err(|_| failed)?;
    require(
        opened.plaintext == b"self-test",
        "Olm opens to something else",
    )
}

fn signatures() -> Result<(), SelfTestError> {
    let secret = Ed25519SecretKey::from_slice(&[7; 32]);
    let key = Fixed(*secret.public_key().as_bytes());
    let signature = secret
        .sign(&message_to_sign(SignContext::DeviceLog, b"self-test"))
        .to_bytes();
    let holds = |context, bytes, signature: &[u8; 64]| verify(&key, context, bytes, signature);
    require(
        holds(SignContext::DeviceLog, b"self-test", &signature),
        "a good signature is refused",
    )?;
    require(
        !holds(SignContext::ConvLog, b"self-test", &signature),
        "a signature holds in another context",
    )?;
    let mut bad = signature;
    bad[0] ^= 1;
    require(
        !holds(SignContext::DeviceLog, b"self-test", &bad),
        "a bad signature is accepted",
    )
}

fn known_answers() -> Result<(), SelfTestError> {
    let secret = RecoverySecret::from_bytes(*b"chatty self-test key");
    require(
        secret.to_text().as_str() == KNOWN_TEXT,
        "recovery key text differs",
    )?;
    let aik = secret.aik().public_key();
    require(
        sha256(aik.as_bytes()).0 == KNOWN_AIK_SHA256,
        "AIK derivation differs",
    )
}

/// Flips one bit of the byte at `from_end` counted from the end.
fn flip_last(bytes: &mut [u8], from_end: usize) {
    let at = bytes.len().checked_sub(1 + from_end);
    if let Some(byte) = at.and_then(|at| bytes.get_mut(at)) {
        *byte ^= 1;
    }
}
