//! Accounts straight through the store, until the account routes are there.

use chatty_protocol::device_log::{Class, DeviceEntry, DeviceOp, RevokeReason};
use chatty_protocol::sign::Signed;
use chatty_relay::cache::TicketHolder;
use chatty_relay::notice::Notice;
use chatty_relay::service::token::sid;
use chatty_relay::store::account::{NewAccount, SignUp};
use chatty_relay::store::device::{DeviceAppended, DeviceChange, LogHead, NewDeviceEntry};
use chatty_relay::store::session::NewFamily;

use super::person::{Device, Person};
use super::relay::TestRelay;

pub async fn sign_up(relay: &TestRelay, person: &mut Person) {
    let now = relay.now_ms();
    let first = &person.entries[0];
    let account = NewAccount {
        handle: person.handle.clone(),
        email: format!("{}@mail.example", person.handle),
        password: String::new(),
        verified: true,
        entry: NewDeviceEntry {
            user: person.user,
            on: None,
            seq: 0,
            prev: chatty_protocol::sign::ZERO_HASH,
            hash: DeviceEntry::hash_of(first),
            recover: false,
            bytes: first.to_bytes().into(),
            changes: vec![DeviceChange::Add {
                device: person.devices[0].id,
                cert: person.devices[0].cert.to_bytes().into(),
                class: 1,
                expires: 0,
            }],
            now,
        },
        released_before: 0,
    };
    let outcome = relay.app.store.sign_up(account).await.unwrap();
    assert!(matches!(outcome, SignUp::Created { .. }), "{outcome:?}");
    open_session(relay, &mut person.devices[0]).await;
}

/// A session of scope `device`.
pub async fn open_session(relay: &TestRelay, device: &mut Device) {
    let now = relay.now_ms();
    let family = relay.app.random.bytes().unwrap();
    let row = NewFamily {
        family,
        user: device.user,
        device: Some(device.id),
        hash: [0; 32],
        created: now,
        expires: now + 1_000_000_000,
    };
    relay.app.store.family_put(row).await.unwrap();
    device.sid = sid(&family);
    let token = relay
        .app
        .tokens
        .access(device.user, family, Some(device.id), now);
    device.access_token = token.unwrap();
}

pub async fn ticket(relay: &TestRelay, device: &Device) -> String {
    let ticket = relay.app.random.bytes::<16>().unwrap();
    let ticket = data_encoding::BASE64URL_NOPAD.encode(&ticket);
    let holder = TicketHolder {
        user: device.user,
        device: device.id,
        session: device.sid.clone(),
    };
    let expires = relay.now_ms() + 30_000;
    relay
        .app
        .cache
        .put_ticket(ticket.clone(), holder, expires)
        .await;
    ticket
}

/// Adds a live device with a session, signed by the person's first one.
pub async fn add_device(relay: &TestRelay, person: &mut Person, class: Class) -> Device {
    let mut device = Device::new(person.user);
    let on = LogHead {
        branch: 0,
        head: person.log.head,
    };
    let op = DeviceOp::Add {
        cert: device.cert.clone(),
        class,
        expires: 0,
    };
    let entry = person.append(op, Some(0));
    let change = DeviceChange::Add {
        device: device.id,
        cert: device.cert.to_bytes().into(),
        class: u8::try_from(class.number()).unwrap(),
        expires: 0,
    };
    append(relay, person, on, &entry, change).await;
    open_session(relay, &mut device).await;
    person.devices.push(device.clone());
    device
}

/// Revokes a device of the person, by its first one.
pub async fn revoke(relay: &TestRelay, person: &mut Person, device: &Device) {
    let on = LogHead {
        branch: 0,
        head: person.log.head,
    };
    let op = DeviceOp::Revoke {
        device: device.id,
        reason: RevokeReason::Lost,
    };
    let entry = person.append(op, Some(0));
    let change = DeviceChange::Revoke { device: device.id };
    append(relay, person, on, &entry, change).await;
    relay.app.notices.send(Notice::DeviceRevoked {
        user: person.user,
        device: device.id,
    });
    relay.app.notices.send(Notice::DeviceLog {
        user: person.user,
        head: person.log.head,
    });
}

async fn append(
    relay: &TestRelay,
    person: &Person,
    on: LogHead,
    entry: &Signed<DeviceEntry>,
    change: DeviceChange,
) {
    let row = NewDeviceEntry {
        user: person.user,
        on: Some(on),
        seq: person.log.head.seq,
        prev: on.head.hash,
        hash: person.log.head.hash,
        recover: false,
        bytes: entry.to_bytes().into(),
        changes: vec![change],
        now: relay.now_ms(),
    };
    let outcome = relay.app.store.device_log_append(row).await.unwrap();
    assert!(matches!(outcome, DeviceAppended::Stored(_)), "{outcome:?}");
}
