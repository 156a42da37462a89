//! A new generation in a group of 3,000 devices, over the encrypted store.
//!
//! `cargo xtask bench rotation`. 1,000 people with three devices each; the sender has a session
//! with every device, used both ways. What the engine does for a rotation is done here step by
//! step: end the old generation, give the key to the first 256, encrypt, give it to the rest.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measuring program for developers"
)]

mod figure;
#[allow(dead_code, reason = "the tests of chatty-crypto use the rest")]
#[path = "../crypto/tests/it/kit.rs"]
mod kit;

use std::time::{Duration, Instant};

use chatty_core::store::{DatabaseKey, Store, StoreError, crypto, item};
use chatty_crypto::changes::Changes;
use chatty_crypto::content::message::Text;
use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::content::{Body, Content};
use chatty_crypto::megolm::{self, Lane, Prepared};
use chatty_crypto::olm::{self, Peer};
use chatty_crypto::tx::Tx;
use chatty_crypto::{CryptoError, conversation, identity, trust};
use chatty_protocol::codec::{Ext, encode};
use chatty_protocol::conversation_log::{ConvOp, Policy};
use chatty_protocol::device_log::{Class, DeviceOp};
use chatty_protocol::{ConvId, MsgId, limits};
use figure::{at_most, plain, thread_cpu};
use kit::{Device, ORIGIN, START_MS, note, run_on, secret};

const PEOPLE: u64 = 1_000;
const DEVICES_EACH: u64 = 3;

fn main() {
    let started = Instant::now();
    let (mut me, conv) = group();
    let count = PEOPLE * DEVICES_EACH;
    println!(
        "a group of {PEOPLE} people with {count} devices, made in {:?}",
        started.elapsed()
    );
    let scratch = tempfile::tempdir().unwrap();
    let mut run = Run::new(scratch.path(), &mut me, conv);
    // The first generation is not measured: sessions, rows and pages are there afterwards.
    run.rotate(1);
    run.input(|tx| megolm::retire(tx, &conv));
    let figures = run.rotate(2);
    assert_eq!(
        figures.keys,
        count - 1,
        "everybody but the sender got the key"
    );
    let name = format!("rotation for {count} devices, CPU");
    at_most(&name, figures.cpu.as_secs_f64(), 2.0, "s");
    at_most(
        "  bytes of its key items",
        figures.bytes as f64 / 1e6,
        2.5,
        "MB",
    );
    at_most(
        "  until the first message is out",
        figures.first.as_secs_f64(),
        1.0,
        "s",
    );
    plain(
        "  whole, with the waits for the disk",
        figures.whole.as_secs_f64(),
        "s",
    );
    let each = figures.cpu.as_secs_f64() * 1e6 / figures.keys as f64;
    plain("  CPU for each device", each, "µs");
}

/// What a rotation took.
struct Figures {
    keys: u64,
    bytes: usize,
    first: Duration,
    whole: Duration,
    cpu: Duration,
}

struct Run<'a> {
    store: Store,
    me: &'a mut Device,
    conv: ConvId,
}

impl<'a> Run<'a> {
    /// The sender's rows in an encrypted store.
    fn new(folder: &std::path::Path, me: &'a mut Device, conv: ConvId) -> Self {
        let connection = rusqlite::Connection::open(folder.join("chatty.db")).unwrap();
        let key = DatabaseKey::new([1; 32]);
        let store = Store::open(connection, &key, None, &mut |_| Ok(()))
            .unwrap()
            .store;
        let mut changes = Changes::default();
        for ((table, key), value) in &me.store.rows {
            changes.put(*table, key.clone(), value.clone());
        }
        let filled: Result<(), StoreError> = store.commit(|tx| crypto::apply(tx, &changes));
        filled.unwrap();
        Self { store, me, conv }
    }

    /// One input, committed as the engine does.
    fn input<T>(&mut self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, CryptoError>) -> T {
        let (store, dice, now) = (&self.store, &mut self.me.dice, self.me.now_ms);
        let done: Result<T, StoreError> = store.commit(|db| {
            let mut tx = Tx::new(store, dice, now);
            let value = work(&mut tx).unwrap();
            crypto::apply(db, &tx.finish())?;
            Ok(value)
        });
        done.unwrap()
    }

    /// Keys for these devices, in one transaction; bytes of the items.
    fn give(&mut self, to: &[Peer]) -> usize {
        let conv = self.conv;
        let (store, dice, now) = (&self.store, &mut self.me.dice, self.me.now_ms);
        let done: Result<usize, StoreError> = store.commit(|db| {
            let mut tx = Tx::new(store, dice, now);
            assert!(olm::missing_sessions(&mut tx, to).unwrap().is_empty());
            let bodies = megolm::keys_for(&mut tx, &conv, to).unwrap();
            let mut bytes = 0;
            for (peer, body) in to.iter().zip(bodies) {
                let made = olm::encrypt(&mut tx, peer, &body, now + limits::INBOX_MS, None);
                let made = encode(&made.unwrap());
                bytes += made.len();
                item::push(db, &peer.device, &made, now + limits::INBOX_MS)?;
            }
            crypto::apply(db, &tx.finish())?;
            Ok(bytes)
        });
        done.unwrap()
    }

    /// A message under the generation that is due, and every key of it.
    fn rotate(&mut self, number: u8) -> Figures {
        let conv = self.conv;
        let (begin, cpu) = (Instant::now(), thread_cpu().unwrap_or_default());
        let (mut keys, mut bytes) = (0, 0);
        let ready = self.input(|tx| megolm::number_ready(tx, &conv, &content(number)));
        loop {
            let prepared = self.input(|tx| megolm::prepare(tx, &conv, Lane::Log));
            let Prepared::Ready { first, .. } = prepared else {
                panic!("nothing is sent in this conversation");
            };
            if first.is_empty() {
                break;
            }
            keys += first.len() as u64;
            bytes += self.give(&first);
        }
        self.input(|tx| megolm::encrypt(tx, &conv, &ready));
        let first = begin.elapsed();
        loop {
            let due = self.input(|tx| megolm::keys_due(tx, &conv, limits::CLAIM_TARGETS));
            if due.is_empty() {
                break;
            }
            keys += due.len() as u64;
            bytes += self.give(&due);
        }
        Figures {
            keys,
            bytes,
            first,
            whole: begin.elapsed(),
            cpu: thread_cpu().unwrap_or_default() - cpu,
        }
    }
}

fn content(number: u8) -> Content {
    Content {
        msg: MsgId::from_rest([number; 16]),
        sent_at: START_MS,
        expires_s: 0,
        rel: None,
        body: Body::Text(Text::plain("hello")),
        ext: Ext::default(),
    }
}

/// The group as its creator sees it, with a used session to every device.
fn group() -> (Device, ConvId) {
    let mut me = account(0);
    let mut others: Vec<Device> = linked(&mut me, 0);
    for person in 1..PEOPLE {
        let mut first = account(person);
        let linked = linked(&mut first, person);
        let entries = first.log_entries();
        assert_eq!(me.learn(&first.user, &entries).stop, None);
        me.run(|tx| trust::pin(tx, &first.user)).unwrap();
        others.push(first);
        others.extend(linked);
    }
    let mine = me.log_entries();
    let user = me.user;
    for other in &mut others {
        assert_eq!(other.learn(&user, &mine).stop, None);
        other.run(|tx| trust::pin(tx, &user)).unwrap();
        talk(&mut me, other);
    }
    let made = me.run(|tx| conversation::create_group(tx, Policy::default()));
    let made = made.unwrap();
    me.apply(&made.conv, &[made.bytes]);
    join_all(&mut me, &made.conv, &mut others);
    (me, made.conv)
}

/// An account with a fallback key only: a pool of one-time keys would cost more than the rest.
fn account(person: u64) -> Device {
    let (mut store, mut dice) = (kit::Store::default(), kit::Dice(person ^ 0xfeed));
    let made = run_on(&mut store, &mut dice, START_MS, |tx| {
        identity::create(tx, ORIGIN, &secret(person))
    });
    let made = made.unwrap();
    let mut device = Device {
        store,
        dice,
        now_ms: START_MS,
        user: made.user,
        device: made.device,
        published: Vec::new(),
        n: 0,
    };
    device.publish(limits::ONE_TIME_KEYS as u64, false);
    device
}

/// The other devices of an account, in its log.
fn linked(first: &mut Device, person: u64) -> Vec<Device> {
    let mut devices: Vec<Device> = (1..DEVICES_EACH)
        .map(|n| Device::waiting(person * DEVICES_EACH + n, first.user))
        .collect();
    for device in &mut devices {
        let (cert, class, expires) = (device.own().cert, Class::Full, 0);
        first
            .own_op(DeviceOp::Add {
                cert,
                class,
                expires,
            })
            .unwrap();
    }
    let (user, entries) = (first.user, first.log_entries());
    for device in &mut devices {
        assert_eq!(device.learn(&user, &entries).stop, None);
        device.publish(limits::ONE_TIME_KEYS as u64, false);
        // Before it has its pins a device writes to nobody.
        first.open_session(device, true);
        for part in first.run(trust::export).unwrap() {
            let item = first.encrypt(device.peer(), &ToDeviceBody::Trust(part));
            device.receive(&item.unwrap());
        }
    }
    devices
}

/// One item each way, so that the session is an established one.
fn talk(me: &mut Device, other: &mut Device) {
    me.open_session(other, true);
    let item = me.encrypt(other.peer(), &note("hello")).unwrap();
    other.receive(&item);
    let answer = other.encrypt(me.peer(), &note("hello")).unwrap();
    me.receive(&answer);
}

/// Everybody is invited and joins. Who joins is lent the creator's verified state: replaying a
/// thousand entries a thousand times is not what is measured.
fn join_all(me: &mut Device, conv: &ConvId, others: &mut [Device]) {
    let mut people: Vec<&mut Device> = Vec::new();
    for other in others {
        if other.user != me.user && people.last().is_none_or(|last| last.user != other.user) {
            people.push(other);
        }
    }
    for some in people.chunks(limits::INVITES_PER_ENTRY) {
        let users = some.iter().map(|person| person.user).collect();
        let entry = me.new_entry(conv, ConvOp::Invite { users }).unwrap();
        assert_eq!(me.apply(conv, &[entry.bytes]).stop, None);
    }
    for person in people {
        let table = chatty_crypto::view::Table::Conversation;
        let place = (table, conv.as_ref().to_vec());
        let state = me.store.rows[&place].clone();
        person.store.rows.insert(place, state);
        let joined = person.run(|tx| conversation::join(tx, conv)).unwrap();
        assert_eq!(me.apply(conv, &[joined.bytes]).stop, None);
    }
}
