//! Devices whose rows live in a map: what the core's store does, without SQLite.

use std::collections::BTreeMap;

use chatty_crypto::changes::Changes;
use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::conversation::{self, ConvOutcome, LogRow, NewEntry};
use chatty_crypto::device_log::{self, LogOutcome};
use chatty_crypto::dispatch::{self, Received};
use chatty_crypto::identity::{self, Own};
use chatty_crypto::olm::{self, Peer};
use chatty_crypto::recovery::RecoverySecret;
use chatty_crypto::tx::{Random, Tx};
use chatty_crypto::view::{Row, Table, View, ViewError};
use chatty_crypto::{CryptoError, keys};
use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::device_log::{Class, DeviceOp, RevokeReason};
use chatty_protocol::frame::TdItem;
use chatty_protocol::prekey::{KIND_FALLBACK, KeyRecord};
use chatty_protocol::sign::Signed;
use chatty_protocol::{ConvId, DeviceId, UserId};

pub const ORIGIN: &str = "https://chat.example.org";
pub const START_MS: u64 = 1_800_000_000_000;
pub const DAY_MS: u64 = 86_400_000;

/// Committed rows.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Store {
    pub rows: BTreeMap<(Table, Vec<u8>), Vec<u8>>,
}

impl Store {
    pub fn commit(&mut self, changes: Changes) {
        for (table, key, value) in changes.iter() {
            match value {
                Some(value) => self.rows.insert((table, key.to_vec()), value.to_vec()),
                None => self.rows.remove(&(table, key.to_vec())),
            };
        }
    }
}

impl View for Store {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        Ok(self.rows.get(&(table, key.to_vec())).cloned())
    }

    fn scan(&self, table: Table, prefix: &[u8]) -> Result<Vec<Row>, ViewError> {
        let from = (table, prefix.to_vec());
        let rows = self.rows.range(from..);
        Ok(rows
            .take_while(|((at, key), _)| *at == table && key.starts_with(prefix))
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect())
    }
}

/// Repeatable bytes (splitmix64).
pub struct Dice(pub u64);

impl Random for Dice {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (z >> 56) as u8;
        }
    }
}

/// One simulated device.
pub struct Device {
    pub store: Store,
    pub dice: Dice,
    pub now_ms: u64,
    pub user: UserId,
    pub device: DeviceId,
    /// Key records that the relay would hold, oldest first.
    pub published: Vec<Vec<u8>>,
    /// Number of the last to-device item.
    pub n: u64,
}

/// Runs one input and commits it, unless it fails.
pub fn run_on<T, E>(
    store: &mut Store,
    dice: &mut Dice,
    now_ms: u64,
    input: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let (result, changes) = {
        let mut tx = Tx::new(store, dice, now_ms);
        let result = input(&mut tx);
        (result, tx.finish())
    };
    if result.is_ok() {
        store.commit(changes);
    }
    result
}

pub fn secret(seed: u64) -> RecoverySecret {
    RecoverySecret::generate(&mut Dice(seed))
}

impl Device {
    /// A new account whose recovery secret follows from `seed`, with its keys at the relay.
    pub fn sign_up(seed: u64) -> Self {
        let mut store = Store::default();
        let mut dice = Dice(seed ^ 0xfeed);
        let made = run_on(&mut store, &mut dice, START_MS, |tx| {
            identity::create(tx, ORIGIN, &secret(seed))
        })
        .unwrap();
        let mut device = Self {
            store,
            dice,
            now_ms: START_MS,
            user: made.user,
            device: made.device,
            published: Vec::new(),
            n: 0,
        };
        device.publish(0, false);
        device
    }

    /// A second device of `user`, waiting for approval.
    pub fn waiting(seed: u64, user: UserId) -> Self {
        let mut store = Store::default();
        let mut dice = Dice(seed ^ 0xbeef);
        let device = run_on(&mut store, &mut dice, START_MS, |tx| {
            identity::new_device(tx, ORIGIN, user)
        })
        .unwrap();
        Self {
            store,
            dice,
            now_ms: START_MS,
            user,
            device,
            published: Vec::new(),
            n: 0,
        }
    }

    pub fn run<T, E>(&mut self, input: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        run_on(&mut self.store, &mut self.dice, self.now_ms, input)
    }

    pub fn peer(&self) -> Peer {
        Peer {
            user: self.user,
            device: self.device,
        }
    }

    pub fn own(&mut self) -> Own {
        self.run(|tx| identity::own_or_fail(tx)).unwrap()
    }

    /// Uploads keys as the relay's count asks for; returns how many went up.
    pub fn publish(&mut self, left: u64, used: bool) -> usize {
        let records = self.run(|tx| keys::to_upload(tx, left, used)).unwrap();
        self.run(|tx| keys::uploaded(tx, &records)).unwrap();
        self.published.extend(records.iter().cloned());
        records.len()
    }

    /// What the relay gives for a claim: a one-time key, else the fallback key.
    pub fn claim_key(&mut self, fallback: bool) -> Vec<u8> {
        let wanted = |bytes: &Vec<u8>| {
            let record: Signed<KeyRecord> = Signed::from_bytes(bytes).unwrap();
            (record.open().unwrap().kind == KIND_FALLBACK) == fallback
        };
        if fallback {
            return self
                .published
                .iter()
                .rev()
                .find(|b| wanted(b))
                .unwrap()
                .clone();
        }
        let index = self.published.iter().position(wanted).unwrap();
        self.published.remove(index)
    }

    pub fn log_entries(&mut self) -> Vec<Vec<u8>> {
        let user = self.user;
        self.run(|tx| device_log::entries_above(tx, &user, None))
            .unwrap()
    }

    pub fn learn(&mut self, user: &UserId, entries: &[Vec<u8>]) -> LogOutcome {
        self.run(|tx| device_log::apply_page(tx, user, entries))
            .unwrap()
    }

    /// Signs an own device-log operation and takes it as accepted.
    pub fn own_op(&mut self, op: DeviceOp) -> Result<Vec<u8>, CryptoError> {
        let entry = self.run(|tx| device_log::own_entry(tx, op))?;
        let user = self.user;
        let outcome = self.learn(&user, std::slice::from_ref(&entry.bytes));
        assert_eq!(outcome.stop, None);
        Ok(entry.bytes)
    }

    pub fn revoke(&mut self, device: DeviceId) -> Vec<u8> {
        self.own_op(DeviceOp::Revoke {
            device,
            reason: RevokeReason::Lost,
        })
        .unwrap()
    }

    /// Makes a session to `peer` with a claimed key.
    pub fn open_session(&mut self, peer: &mut Device, fallback: bool) {
        let record = peer.claim_key(fallback);
        let target = peer.peer();
        self.run(|tx| olm::claimed(tx, &target, Some(&record)))
            .unwrap();
    }

    pub fn encrypt(&mut self, to: Peer, body: &ToDeviceBody) -> Result<TdItem, CryptoError> {
        let expires = self.now_ms + 30 * DAY_MS;
        let item = self.run(|tx| olm::encrypt(tx, &to, body, expires, None))?;
        self.n += 1;
        Ok(TdItem {
            user: self.user,
            device: self.device,
            n: self.n,
            item,
        })
    }

    /// Claims a key of `peer` and encrypts the first item of the new session.
    pub fn encrypt_first(&mut self, peer: &mut Device, body: &ToDeviceBody) -> TdItem {
        self.open_session(peer, false);
        self.encrypt(peer.peer(), body).unwrap()
    }

    /// Revokes this very device.
    pub fn sign_out(&mut self) -> Vec<u8> {
        self.own_op(DeviceOp::Revoke {
            device: self.device,
            reason: RevokeReason::SignedOut,
        })
        .unwrap()
    }

    pub fn receive(&mut self, item: &TdItem) -> Received {
        self.run(|tx| dispatch::receive(tx, item, true)).unwrap()
    }

    pub fn new_entry(&mut self, conv: &ConvId, op: ConvOp) -> Result<NewEntry, CryptoError> {
        self.run(|tx| conversation::entry(tx, conv, op))
    }

    pub fn apply(&mut self, conv: &ConvId, entries: &[Vec<u8>]) -> ConvOutcome {
        let rows: Vec<LogRow> = entries
            .iter()
            .map(|bytes| LogRow {
                bytes: bytes.clone(),
                stream_seq: None,
            })
            .collect();
        self.run(|tx| conversation::apply(tx, conv, &rows)).unwrap()
    }

    pub fn conv_log(&mut self, conv: &ConvId) -> Vec<Vec<u8>> {
        self.run(|tx| conversation::entries_above(tx, conv, None))
            .unwrap()
    }
}

/// Both learn and pin each other.
pub fn meet(a: &mut Device, b: &mut Device) {
    let (log_a, log_b) = (a.log_entries(), b.log_entries());
    let (user_a, user_b) = (a.user, b.user);
    assert_eq!(a.learn(&user_b, &log_b).stop, None);
    assert_eq!(b.learn(&user_a, &log_a).stop, None);
    a.run(|tx| chatty_crypto::trust::pin(tx, &user_b)).unwrap();
    b.run(|tx| chatty_crypto::trust::pin(tx, &user_a)).unwrap();
}

/// `old` approves a second device of its account, which learns the log and gets its pins.
pub fn second_device(old: &mut Device, seed: u64) -> Device {
    let mut new = Device::waiting(seed, old.user);
    let cert = new.own().cert;
    old.own_op(DeviceOp::Add {
        cert,
        class: Class::Full,
        expires: 0,
    })
    .unwrap();
    let entries = old.log_entries();
    let user = old.user;
    assert_eq!(new.learn(&user, &entries).stop, None);
    new.publish(0, false);
    new
}

/// Sends the pins from an approving device, as approval does at its end.
pub fn give_pins(old: &mut Device, new: &mut Device) {
    let parts = old.run(chatty_crypto::trust::export).unwrap();
    old.open_session(new, false);
    for part in parts {
        let item = old.encrypt(new.peer(), &ToDeviceBody::Trust(part)).unwrap();
        let Received::Done { effects, .. } = new.receive(&item) else {
            panic!("pins were not taken");
        };
        assert!(!effects.is_empty());
    }
}

/// A direct conversation between two people who met, joined by both.
pub fn direct(a: &mut Device, b: &mut Device) -> ConvId {
    let peer = b.user;
    let created = a.run(|tx| conversation::create_direct(tx, &peer)).unwrap();
    let conv = created.conv;
    assert_eq!(
        a.apply(&conv, std::slice::from_ref(&created.bytes)).stop,
        None
    );
    assert_eq!(
        b.apply(&conv, std::slice::from_ref(&created.bytes)).stop,
        None
    );
    let joined = b.run(|tx| conversation::join(tx, &conv)).unwrap();
    for device in [a, b] {
        assert_eq!(
            device
                .apply(&conv, std::slice::from_ref(&joined.bytes))
                .stop,
            None
        );
    }
    conv
}

/// A body that any device may send and that does nothing by itself.
pub fn note(text: &str) -> ToDeviceBody {
    ToDeviceBody::Verify(chatty_crypto::content::to_device::Verify {
        txn: chatty_protocol::codec::Fixed([7; 16]),
        step: 1,
        bytes: chatty_protocol::codec::Bytes(text.as_bytes().to_vec()),
    })
}

/// Whether an item delivered [`note`] with this text.
pub fn delivered(received: &Received, text: &str) -> bool {
    let Received::Done { effects, .. } = received else {
        return false;
    };
    effects.iter().any(|effect| {
        matches!(effect, dispatch::Effect::Verify(body) if body.bytes.0 == text.as_bytes())
    })
}
