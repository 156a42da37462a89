//! A member device with a changed program: it has real keys and writes what it likes.

use chatty_crypto::content::to_device::{ConvKey, ToDeviceBody};
use chatty_crypto::content::{Content, Payload, bind};
use chatty_crypto::{conversation, device_log, padding};
use chatty_protocol::codec::{Bytes, Ext, Fixed, V1, encode};
use chatty_protocol::envelope::Send;
use chatty_protocol::sign::{Key, ZERO_HASH};
use data_encoding::BASE64_NOPAD;
use vodozemac::megolm::{GroupSession, SessionConfig};

use crate::room::{Room, Row};

pub struct Forge {
    pub by: usize,
    pub session: GroupSession,
    pub generation: u64,
}

impl Forge {
    /// A session of the device `by` that its real program knows nothing of.
    pub fn new(by: usize, generation: u64) -> Self {
        Self {
            by,
            session: GroupSession::new(SessionConfig::version_1()),
            generation,
        }
    }

    pub fn id(&self) -> Key {
        let bytes = BASE64_NOPAD
            .decode(self.session.session_id().as_bytes())
            .unwrap();
        Fixed(bytes.try_into().unwrap())
    }

    pub fn key(&self, room: &mut Room, to: usize) -> ConvKey {
        let conv = room.conv;
        let head = room.devices[self.by]
            .run(|tx| conversation::state_or_fail(tx, &conv))
            .unwrap()
            .head;
        let user = room.devices[to].user;
        let your_head = room.devices[self.by]
            .run(|tx| device_log::get_or_fail(tx, &user))
            .unwrap()
            .head;
        ConvKey {
            conv,
            session_key: Bytes(self.session.session_key().to_bytes()),
            gen_no: self.generation,
            first_seq: 1,
            chain: ZERO_HASH,
            closes: None,
            conv_head: head,
            your_head,
            shareable: false,
            meta_key: None,
        }
    }

    /// Gives the session to a victim, over Olm as always.
    pub fn give(&self, room: &mut Room, to: usize) {
        let body = ToDeviceBody::ConvKey(self.key(room, to));
        let peer = room.devices[to].peer();
        room.post(self.by, peer, &body);
    }

    /// What an honest program would write.
    pub fn payload(&self, room: &mut Room, dev_seq: u64, content: &Content) -> Payload {
        let conv = room.conv;
        let device = &mut room.devices[self.by];
        let (user, id) = (device.user, device.device);
        let conv_head = device
            .run(|tx| conversation::state_or_fail(tx, &conv))
            .unwrap()
            .head;
        let device_head = device
            .run(|tx| device_log::get_or_fail(tx, &user))
            .unwrap()
            .head;
        Payload {
            version: V1,
            bind: bind(&conv, &user, &id, &self.id(), self.generation),
            dev_seq,
            prev: ZERO_HASH,
            frontier: Vec::new(),
            conv_head,
            device_head,
            content: Bytes(content.to_bytes()),
            ext: Ext::default(),
        }
    }

    /// The envelope that fits a payload.
    pub fn seal(&mut self, room: &Room, payload: &Payload, content: &Content) -> Send {
        let padded = padding::pad(&encode(payload)).unwrap();
        Send {
            conv: room.conv,
            msg: content.msg,
            session: self.id(),
            log_seq: payload.conv_head.seq,
            lane: content.body.lane(),
            n: payload.dev_seq,
            ct: Bytes(self.session.encrypt(padded).to_bytes()),
            ext: Ext::default(),
        }
    }

    /// An honest-looking row with number `dev_seq`.
    pub fn row(&mut self, room: &mut Room, dev_seq: u64, content: &Content) -> Row {
        let payload = self.payload(room, dev_seq, content);
        let send = self.seal(room, &payload, content);
        room.accept(self.by, send)
    }
}
