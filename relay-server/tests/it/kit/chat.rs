//! A conversation as its members have it: builds, signs and applies entries; makes sends.

use chatty_protocol::codec::{Ext, Fixed, encode};
use chatty_protocol::conversation_log::{
    ConvEntry, ConvOp, ConvState, Mode, Policy, authorize, propose, propose_create,
};
use chatty_protocol::envelope::{LANE_LOG, Send};
use chatty_protocol::sign::{SignContext, Signed, ZERO_HASH};
use chatty_protocol::{ConvId, Hash32, MsgId, UserId};

use super::person::{Device, Person, fresh_key, sign};

/// A conversation whose state follows what was applied.
#[derive(Clone)]
pub struct Chat {
    /// Claimed time of the next entries.
    pub time: u64,
    pub conv: ConvId,
    pub state: ConvState,
    pub entries: Vec<Signed<ConvEntry>>,
}

/// Claimed time of entries that nobody dates.
pub const ENTRY_TIME: u64 = 1_700_000_000_000;

/// An entry by any device of a person, right or wrong as the caller wants it.
pub fn signed_entry(
    person: &Person,
    device: &Device,
    state: Option<&ConvState>,
    op: ConvOp,
    after: Hash32,
) -> Signed<ConvEntry> {
    dated_entry(person, device, state, op, after, ENTRY_TIME)
}

fn dated_entry(
    person: &Person,
    device: &Device,
    state: Option<&ConvState>,
    op: ConvOp,
    after: Hash32,
    time: u64,
) -> Signed<ConvEntry> {
    let entry = ConvEntry {
        conv: state.map(|state| state.conv),
        seq: state.map_or(0, |state| state.head.seq + 1),
        prev: state.map_or(ZERO_HASH, |state| state.head.hash),
        op,
        time,
        actor: person.user,
        device: device.id,
        actor_head: person.log.head,
        state: after,
        ext: Ext::default(),
    };
    sign(&device.key, SignContext::ConvLog, encode(&entry))
}

pub fn create_op(mode: Mode, origin: &str, users: Vec<UserId>) -> ConvOp {
    ConvOp::Create {
        mode,
        nonce: Fixed(fresh_key().to_bytes()[..16].try_into().unwrap()),
        origin: origin.to_owned(),
        users,
        policy: Policy::default(),
    }
}

impl Chat {
    /// Entry 0 by the person's first device.
    pub fn create(person: &Person, op: ConvOp) -> Self {
        let after = propose_create(&person.user, &op).unwrap().state_hash();
        let signed = signed_entry(person, person.first(), None, op, after);
        let state = authorize(None, &signed, &signed.open().unwrap(), true).unwrap();
        Self {
            time: ENTRY_TIME,
            conv: state.conv,
            state,
            entries: vec![signed],
        }
    }

    pub fn direct(from: &Person, to: &Person, origin: &str) -> Self {
        let mut users = vec![from.user, to.user];
        users.sort();
        users.dedup();
        Self::create(from, create_op(Mode::Direct, origin, users))
    }

    pub fn group(from: &Person, origin: &str) -> Self {
        Self::create(from, create_op(Mode::Group, origin, Vec::new()))
    }

    /// The next entry, not applied.
    pub fn next(&self, person: &Person, op: ConvOp) -> Signed<ConvEntry> {
        let after = propose(&self.state, &person.user, &op, true).unwrap();
        let after = after.state_hash();
        let device = person.first();
        dated_entry(person, device, Some(&self.state), op, after, self.time)
    }

    /// Applies an entry that the relay accepted.
    pub fn apply(&mut self, signed: &Signed<ConvEntry>) {
        let entry = signed.open().unwrap();
        self.state = authorize(Some(&self.state), signed, &entry, true).unwrap();
        self.entries.push(signed.clone());
    }

    /// A join of somebody who is invited.
    pub fn join_op(&self, person: &Person) -> ConvOp {
        let invite_seq = self.state.member(&person.user).unwrap().invited_seq;
        ConvOp::Join { invite_seq }
    }

    /// A log-lane send whose ciphertext is made up from `n`.
    pub fn message(&self, n: u64) -> Send {
        self.message_of(n, 200)
    }

    /// The same with `size` bytes of ciphertext.
    pub fn message_of(&self, n: u64, size: usize) -> Send {
        let mut ct = vec![0; size];
        ct.iter_mut()
            .zip(n.to_le_bytes().into_iter().cycle())
            .for_each(|(byte, value)| *byte = value);
        Send {
            conv: self.conv,
            msg: MsgId::from_rest(fresh_key().to_bytes()[..16].try_into().unwrap()),
            session: Fixed([9; 32]),
            log_seq: self.state.head.seq,
            lane: LANE_LOG,
            n,
            ct: ct.into(),
            ext: Ext::default(),
        }
    }

    /// The same in another lane, where n is 0.
    pub fn in_lane(&self, lane: u64) -> Send {
        Send {
            lane,
            ..self.message_of(0, 200)
        }
    }
}
