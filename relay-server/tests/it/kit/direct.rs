//! Accounts straight through the store, until the account routes are there.

use chatty_protocol::device_log::DeviceEntry;
use chatty_relay::cache::TicketHolder;
use chatty_relay::service::token::sid;
use chatty_relay::store::account::{NewAccount, SignUp};
use chatty_relay::store::device::{DeviceChange, NewDeviceEntry};
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
    let family = relay.app.random.bytes().unwrap();
    let device = &mut person.devices[0];
    let row = NewFamily {
        family,
        user: person.user,
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
        .access(person.user, family, Some(device.id), now);
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
