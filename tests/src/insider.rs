//! A real device in the attacker's hands: its keys taken out of its home, free to sign what the
//! program never would. What it signs verifies, so only the rules stand against it.

use std::path::Path;

use chatty_core::store::account::{self, SessionRow};
use chatty_core::store::{DatabaseKey, Store, crypto};
use chatty_crypto::content::message::Text;
use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::content::{Body, Content};
use chatty_crypto::identity::{self, Own};
use chatty_crypto::olm::{self, Peer};
use chatty_crypto::tx::{Random, Tx};
use chatty_crypto::view::{Table, View};
use chatty_crypto::{conversation, device_log, megolm};
use chatty_protocol::codec::{Ext, encode};
use chatty_protocol::conversation_log::{ConvEntry, ConvOp, ConvState, propose};
use chatty_protocol::device_log::{DeviceEntry, DeviceLog, DeviceOp};
use chatty_protocol::envelope::{Item, Send};
use chatty_protocol::sign::{SignContext, Signed, message_to_sign};
use chatty_protocol::{ConvId, Head, MsgId, UserId};
use tempfile::TempDir;
use vodozemac::olm::{Account, AccountPickle};

use crate::engine::KEY;
use crate::forge::bytes;
use crate::grep::copy_folder;

/// Claimed time of everything signed here.
const TIME: u64 = 1_700_000_000_000;

/// The keys of a device and what it knows, as of the moment they were taken.
pub struct Insider {
    /// Who it is.
    pub own: Own,
    store: Store,
    account: Account,
    // The copy lives as long as the store on it.
    _copy: TempDir,
}

struct System;

impl Random for System {
    fn fill(&mut self, out: &mut [u8]) {
        getrandom::fill(out).expect("random bytes");
    }
}

impl Insider {
    /// Takes the keys out of a home. Its engine must not run.
    pub fn of(home: &Path) -> Self {
        let copy = tempfile::tempdir().expect("a folder");
        copy_folder(home, copy.path());
        let connection =
            rusqlite::Connection::open(copy.path().join("chatty.db")).expect("a database");
        let opened = Store::open(connection, &DatabaseKey::new(KEY), None, &mut |_| Ok(()));
        let store = opened.expect("the copy opens").store;
        let bytes = store.get(Table::Own, b"account").expect("a row");
        let pickle: AccountPickle =
            ciborium::from_reader(bytes.expect("an account").as_slice()).expect("a pickle");
        let own = look(&store, |tx| identity::own(tx).expect("readable"));
        Self {
            own: own.expect("an identity"),
            account: Account::from_pickle(pickle),
            store,
            _copy: copy,
        }
    }

    /// Uses any function of the crypto crate as this device; nothing of it is kept.
    pub fn with<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> T) -> T {
        look(&self.store, work)
    }

    /// The same, as the program does it: what it wrote is kept for the next step.
    pub fn act<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> T) -> T {
        act(&self.store, work)
    }

    /// An item to a device with which there is a session, as the program would send it.
    pub fn item(&self, to: &Peer, body: &ToDeviceBody) -> Item {
        let expires = now_ms() + 86_400_000;
        let made = self.act(|tx| olm::encrypt(tx, to, body, expires, None));
        made.expect("a session with that device")
    }

    /// A text as the program would send it, under a generation that it has begun before.
    pub fn text(&self, conv: ConvId, text: &str) -> Send {
        let content = Content {
            msg: MsgId::from_rest(bytes()),
            sent_at: TIME,
            expires_s: 0,
            rel: None,
            body: Body::Text(Text {
                text: text.to_owned(),
                spans: Vec::new(),
                mentions: Vec::new(),
            }),
            ext: Ext::default(),
        };
        let sent = self.act(|tx| {
            let numbered = megolm::number_ready(tx, &conv, &content)?;
            megolm::prepare(tx, &conv, megolm::Lane::Log)?;
            megolm::encrypt(tx, &conv, &numbered)
        });
        sent.expect("a running generation")
    }

    /// Its session with the relay.
    pub fn session(&self) -> SessionRow {
        let session = account::session(&self.store).expect("readable");
        session.expect("signed in")
    }

    /// A conversation as it knows it.
    pub fn conversation(&self, conv: &ConvId) -> ConvState {
        let state = self.with(|tx| conversation::state(tx, conv).expect("readable"));
        state.expect("a known conversation")
    }

    /// Somebody's device log as it knows it.
    pub fn log(&self, user: &UserId) -> DeviceLog {
        let log = self.with(|tx| device_log::get(tx, user).expect("readable"));
        log.expect("a known log")
    }

    /// Signs anything in any context.
    pub fn sign<T>(&self, context: SignContext, inner: Vec<u8>) -> Signed<T> {
        let message = message_to_sign(context, &inner);
        Signed::from_parts(inner, self.account.sign(&message).to_bytes())
    }

    /// An entry on top of `state`, allowed or not. Where the rules allow it, it is perfect.
    pub fn conv_entry(&self, state: &ConvState, op: ConvOp) -> Signed<ConvEntry> {
        let after = propose(state, &self.own.user, &op, true);
        let entry = ConvEntry {
            conv: Some(state.conv),
            seq: state.head.seq + 1,
            prev: state.head.hash,
            op,
            time: TIME,
            actor: self.own.user,
            device: self.own.device,
            actor_head: self.log(&self.own.user).head,
            state: after.map_or_else(|_| state.state_hash(), |after| after.state_hash()),
            ext: Ext::default(),
        };
        self.sign(SignContext::ConvLog, encode(&entry))
    }

    /// An entry of its account's device log on top of `head`, allowed or not.
    pub fn device_entry(&self, user: UserId, head: Head, op: DeviceOp) -> Signed<DeviceEntry> {
        let entry = DeviceEntry {
            user,
            seq: head.seq + 1,
            prev: head.hash,
            op,
            time: TIME,
            signer: Some(self.own.device),
            ext: Ext::default(),
        };
        self.sign(SignContext::DeviceLog, encode(&entry))
    }
}

fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::try_from(since.expect("after 1970").as_millis()).expect("a date")
}

fn look<T>(store: &Store, work: impl FnOnce(&mut Tx<'_>) -> T) -> T {
    let mut random = System;
    work(&mut Tx::new(store, &mut random, now_ms()))
}

/// Runs one input of the crypto crate and keeps what it wrote.
pub(crate) fn act<T>(store: &Store, work: impl FnOnce(&mut Tx<'_>) -> T) -> T {
    let mut random = System;
    let mut tx = Tx::new(store, &mut random, now_ms());
    let value = work(&mut tx);
    let changes = tx.finish();
    let kept = store.commit(|db| crypto::apply(db, &changes));
    kept.expect("the store can be written");
    value
}
