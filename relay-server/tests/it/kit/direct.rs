//! Accounts, devices and tickets through the relay's own routes.

use chatty_protocol::codec::{Bytes, encode};
use chatty_protocol::device_log::{Class, DeviceEntry, DeviceOp, RevokeReason};
use chatty_protocol::proof::{LoginProof, Purpose};
use chatty_protocol::rest::{
    AppendDeviceEntry, Challenge, DeviceEntryAppended, LogIn, LoggedIn, Proof, SignUp, SignedUp,
    Ticket, Tokens,
};
use chatty_protocol::sign::{SignContext, Signed, message_to_sign};
use ed25519_dalek::Signer;
use reqwest::Method;

use super::person::{Device, PASSWORD, Person};
use super::relay::TestRelay;
use super::rest::Answer;

/// The body that signs `person` up.
pub fn sign_up_body(person: &Person) -> SignUp {
    SignUp {
        handle: person.handle.clone(),
        email: format!("{}@mail.example", person.handle),
        password: PASSWORD.to_owned(),
        entry: person.entries[0].to_bytes().into(),
    }
}

impl Device {
    /// Keeps what a sign-up, log-in or refresh gave.
    pub fn take(&mut self, tokens: Tokens) {
        self.access_token = tokens.access_token;
        self.refresh_token = tokens.refresh_token;
        self.sid = tokens.sid;
    }
}

pub async fn sign_up(relay: &TestRelay, person: &mut Person) {
    let body = sign_up_body(person);
    let answer = relay.call(Method::POST, "/accounts", "", Some(&body)).await;
    let signed_up: SignedUp = answer.json();
    assert_eq!(signed_up.user, person.user);
    person.devices[0].take(signed_up.tokens);
}

/// A proof of a device over a fresh nonce.
pub async fn proof(relay: &TestRelay, device: &Device, purpose: Purpose) -> Proof {
    let answer = relay.call::<()>(Method::GET, "/challenge", "", None);
    let Challenge { nonce } = answer.await.json();
    let signed = LoginProof {
        origin: relay.origin().to_owned(),
        nonce: Bytes(nonce.0.clone()),
        device: device.id,
        purpose: purpose.name().to_owned(),
        time: relay.now_ms(),
    };
    let message = message_to_sign(SignContext::LoginProof, &encode(&signed));
    let sig = device.key.sign(&message).to_bytes().to_vec().into();
    Proof {
        nonce,
        device: device.id,
        time: signed.time,
        sig,
    }
}

pub async fn log_in(
    relay: &TestRelay,
    login: &str,
    password: &str,
    proof: Option<Proof>,
) -> Answer {
    let body = LogIn {
        login: login.to_owned(),
        password: password.to_owned(),
        proof,
    };
    relay.call(Method::POST, "/sessions", "", Some(&body)).await
}

/// A session of scope `device` for a live device.
pub async fn open_session(relay: &TestRelay, handle: &str, device: &mut Device) {
    let proof = proof(relay, device, Purpose::Login).await;
    let answer = log_in(relay, handle, PASSWORD, Some(proof)).await;
    let logged_in: LoggedIn = answer.json();
    assert_eq!(logged_in.tokens.scope, "device");
    device.take(logged_in.tokens);
}

pub async fn ticket(relay: &TestRelay, device: &Device) -> String {
    let answer = relay.call::<()>(Method::POST, "/tickets", &device.access_token, None);
    answer.await.json::<Ticket>().ticket
}

/// Posts an entry to the own log.
pub async fn post_entry(relay: &TestRelay, by: &Device, entry: &Signed<DeviceEntry>) -> Answer {
    let body = AppendDeviceEntry {
        entry: entry.to_bytes().into(),
        expect_seq: entry.open().unwrap().seq,
    };
    relay.post(by, "/users/me/log", &body).await
}

/// Adds a live device with a session, signed by the person's first one.
pub async fn add_device(relay: &TestRelay, person: &mut Person, class: Class) -> Device {
    let mut device = Device::new(person.user);
    let op = DeviceOp::Add {
        cert: device.cert.clone(),
        class,
        expires: 0,
    };
    let entry = person.append(op, Some(0));
    let answer = post_entry(relay, person.first(), &entry).await;
    let appended: DeviceEntryAppended = answer.json();
    assert_eq!(appended.head.head(), Some(person.log.head));
    open_session(relay, &person.handle, &mut device).await;
    person.devices.push(device.clone());
    device
}

/// Revokes a device of the person, by its first one.
pub async fn revoke(relay: &TestRelay, person: &mut Person, device: &Device) {
    let op = DeviceOp::Revoke {
        device: device.id,
        reason: RevokeReason::Lost,
    };
    let entry = person.append(op, Some(0));
    let answer = post_entry(relay, person.first(), &entry).await;
    answer.json::<DeviceEntryAppended>();
}
