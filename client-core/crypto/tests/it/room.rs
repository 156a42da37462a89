//! A conversation between simulated devices, with a relay that stores rows and inboxes.

use std::collections::VecDeque;

use chatty_crypto::CryptoError;
use chatty_crypto::content::message::Text;
use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::content::{Body, Content};
use chatty_crypto::dispatch::Received;
use chatty_crypto::megolm::{self, Incoming, Lane, Numbered, Prepared, Shown, Unreadable, Verdict};
use chatty_crypto::olm::{self, Peer};
use chatty_crypto::tx::Tx;
use chatty_protocol::codec::Ext;
use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::envelope::Send;
use chatty_protocol::frame::TdItem;
use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};

use crate::kit::{self, Device};

/// A row as the relay stores it.
#[derive(Clone)]
pub struct Row {
    pub user: UserId,
    pub device: DeviceId,
    pub seq: u64,
    pub time: u64,
    pub send: Send,
}

impl Row {
    pub fn incoming(&self) -> Incoming<'_> {
        Incoming {
            user: &self.user,
            device: &self.device,
            seq: (self.send.lane == 1).then_some(self.seq),
            time: self.time,
            send: &self.send,
        }
    }
}

pub struct Room {
    pub devices: Vec<Device>,
    pub conv: ConvId,
    pub stream: Vec<Row>,
    pub inbox: Vec<VecDeque<TdItem>>,
    next_msg: u64,
}

/// Indexes of the devices of [`Room::direct`].
pub const A0: usize = 0;
pub const B0: usize = 1;
pub const A1: usize = 2;
pub const B1: usize = 3;

impl Room {
    /// Two people in a direct conversation, one device each.
    pub fn pair(seed: u64) -> Self {
        let mut a = Device::sign_up(seed * 10 + 1);
        let mut b = Device::sign_up(seed * 10 + 2);
        kit::meet(&mut a, &mut b);
        let conv = kit::direct(&mut a, &mut b);
        Self::of(vec![a, b], conv)
    }

    /// Two people in a direct conversation, two devices each: A0, B0, A1, B1.
    pub fn direct(seed: u64) -> Self {
        let mut room = Self::pair(seed);
        room.link(A0, seed * 10 + 3);
        room.link(B0, seed * 10 + 4);
        room
    }

    /// A group: the first person makes it, the others are invited and join.
    pub fn group(seed: u64, people: usize) -> Self {
        let mut devices: Vec<Device> = (0..people)
            .map(|n| Device::sign_up(seed * 1_000 + n as u64))
            .collect();
        for n in 1..people {
            let (head, tail) = devices.split_at_mut(n);
            for other in head {
                kit::meet(other, &mut tail[0]);
            }
        }
        let policy = chatty_protocol::conversation_log::Policy::default();
        let made = devices[0]
            .run(|tx| chatty_crypto::conversation::create_group(tx, policy))
            .unwrap();
        let mut room = Self::of(devices, made.conv);
        room.entry_bytes(&made.bytes);
        for n in 1..people {
            let users = vec![room.devices[n].user];
            room.entry(0, ConvOp::Invite { users });
            let conv = room.conv;
            let joined = room.devices[n]
                .run(|tx| chatty_crypto::conversation::join(tx, &conv))
                .unwrap();
            room.entry_bytes(&joined.bytes);
        }
        room
    }

    pub fn of(devices: Vec<Device>, conv: ConvId) -> Self {
        let inbox = devices.iter().map(|_| VecDeque::new()).collect();
        Self {
            devices,
            conv,
            stream: Vec::new(),
            inbox,
            next_msg: 0,
        }
    }

    /// A second device for the account of `of`; everybody learns of it.
    pub fn link(&mut self, of: usize, seed: u64) -> usize {
        let mut new = kit::second_device(&mut self.devices[of], seed);
        kit::give_pins(&mut self.devices[of], &mut new);
        let user = new.user;
        for other in 0..self.devices.len() {
            let (theirs, entries) = (self.devices[other].user, self.devices[other].log_entries());
            if theirs != user {
                new.learn(&theirs, &entries);
            }
        }
        let entries = self.devices[of].log_entries();
        for device in &mut self.devices {
            device.learn(&user, &entries);
        }
        let conv = self.conv;
        let log = self.devices[of].conv_log(&conv);
        assert_eq!(new.apply(&conv, &log).stop, None);
        new.now_ms = self.devices[of].now_ms;
        self.devices.push(new);
        self.inbox.push(VecDeque::new());
        self.devices.len() - 1
    }

    /// Signs an entry and gives it to everybody.
    pub fn entry(&mut self, by: usize, op: ConvOp) {
        let conv = self.conv;
        let entry = self.devices[by].new_entry(&conv, op).unwrap();
        self.entry_bytes(&entry.bytes);
    }

    pub fn entry_bytes(&mut self, bytes: &[u8]) {
        let conv = self.conv;
        for device in &mut self.devices {
            device.apply(&conv, &[bytes.to_vec()]);
        }
    }

    /// Everybody's clock goes on.
    pub fn pass(&mut self, ms: u64) {
        for device in &mut self.devices {
            device.now_ms += ms;
        }
    }

    pub fn content(&mut self, from: usize, body: Body) -> Content {
        self.next_msg += 1;
        let mut rest = [0; 16];
        rest[..8].copy_from_slice(&self.next_msg.to_be_bytes());
        Content {
            msg: MsgId::from_rest(rest),
            sent_at: self.devices[from].now_ms,
            expires_s: 0,
            rel: None,
            body,
            ext: Ext::default(),
        }
    }

    pub fn number(&mut self, from: usize, text: &str) -> Numbered {
        let content = self.content(from, Body::Text(Text::plain(text)));
        let conv = self.conv;
        self.devices[from]
            .run(|tx| megolm::number_ready(tx, &conv, &content))
            .unwrap()
    }

    /// Prepares and puts every due key into the recipients' inboxes.
    pub fn share(&mut self, from: usize, lane: Lane) -> Prepared {
        let conv = self.conv;
        let prepared = self.devices[from]
            .run(|tx| megolm::prepare(tx, &conv, lane))
            .unwrap();
        if let Prepared::Ready { .. } = prepared {
            let due = self.devices[from]
                .run(|tx| megolm::keys_due(tx, &conv, usize::MAX))
                .unwrap();
            for to in due {
                let body = self.devices[from]
                    .run(|tx| megolm::key_for(tx, &conv, &to))
                    .unwrap();
                self.post(from, to, &body);
            }
        }
        prepared
    }

    pub fn index_of(&self, device: &DeviceId) -> Option<usize> {
        self.devices
            .iter()
            .position(|known| known.device == *device)
    }

    /// Encrypts a body for a device and puts it into its inbox.
    pub fn post(&mut self, from: usize, to: Peer, body: &ToDeviceBody) {
        let Some(index) = self.index_of(&to.device) else {
            return;
        };
        let missing = self.devices[from]
            .run(|tx| olm::missing_sessions(tx, &[to]))
            .unwrap();
        if !missing.is_empty() {
            let record = self.devices[index].claim_key(false);
            self.devices[from]
                .run(|tx| olm::claimed(tx, &to, Some(&record)))
                .unwrap();
        }
        let item = self.devices[from].encrypt(to, body).unwrap();
        self.inbox[index].push_back(item);
    }

    pub fn encrypt(&mut self, from: usize, ready: &Numbered) -> Result<Send, CryptoError> {
        let conv = self.conv;
        self.devices[from].run(|tx| megolm::encrypt(tx, &conv, ready))
    }

    /// The relay takes a send.
    pub fn accept(&mut self, from: usize, send: Send) -> Row {
        let row = Row {
            user: self.devices[from].user,
            device: self.devices[from].device,
            seq: 100 + self.stream.len() as u64,
            time: self.devices[from].now_ms,
            send,
        };
        if row.send.lane == 1 {
            self.stream.push(row.clone());
        }
        row
    }

    /// A whole send: number, share, encrypt, accept.
    pub fn text(&mut self, from: usize, text: &str) -> Row {
        let ready = self.number(from, text);
        self.share(from, Lane::Log);
        let send = self.encrypt(from, &ready).unwrap();
        self.accept(from, send)
    }

    /// Sends a content of any log-lane type.
    pub fn say(&mut self, from: usize, content: &Content) -> Row {
        let conv = self.conv;
        let ready = self.devices[from]
            .run(|tx| megolm::number_ready(tx, &conv, content))
            .unwrap();
        self.share(from, Lane::Log);
        let send = self.encrypt(from, &ready).unwrap();
        self.accept(from, send)
    }

    /// Takes everything out of an inbox; answers go into the other inboxes.
    pub fn drain(&mut self, to: usize) {
        while let Some(item) = self.inbox[to].pop_front() {
            if let Received::Done { replies, .. } = self.devices[to].receive(&item) {
                for (peer, body) in replies {
                    self.post(to, peer, &body);
                }
            }
        }
    }

    pub fn receive(&mut self, to: usize, row: &Row) -> Verdict {
        self.devices[to]
            .run(|tx| megolm::receive(tx, &row.incoming(), true))
            .unwrap()
    }

    /// Drains the inbox, then reads.
    pub fn read(&mut self, to: usize, row: &Row) -> Verdict {
        self.drain(to);
        self.receive(to, row)
    }

    pub fn gaps(&mut self, at: usize) -> usize {
        let conv = self.conv;
        self.devices[at]
            .run(|tx| megolm::gaps(tx, &conv))
            .unwrap()
            .len()
    }
}

/// The shown text, where a message was shown.
pub fn text_of(verdict: &Verdict) -> Option<String> {
    let Verdict::Show(shown) = verdict else {
        return None;
    };
    let Shown {
        content: Content {
            body: Body::Text(text),
            ..
        },
        ..
    } = shown.as_ref()
    else {
        return None;
    };
    Some(text.text.clone())
}

pub fn shows(verdict: &Verdict, text: &str) -> bool {
    text_of(verdict).as_deref() == Some(text)
}

pub fn unreadable(verdict: &Verdict) -> Option<Unreadable> {
    match verdict {
        Verdict::Unreadable(reason) => Some(*reason),
        _ => None,
    }
}

pub fn text_content(room: &mut Room, from: usize, what: &str) -> Content {
    room.content(from, Body::Text(Text::plain(what)))
}

/// Judges without committing: what a relay could try over and over.
pub fn try_receive(room: &mut Room, at: usize, row: &Row) -> Verdict {
    let device = &mut room.devices[at];
    let mut tx = Tx::new(&device.store, &mut device.dice, device.now_ms);
    megolm::receive(&mut tx, &row.incoming(), true).unwrap()
}
