//! Rows of the Megolm side and their keys. Ids have fixed lengths, so a key's length tells its kind.

use chatty_protocol::sign::{Hash32, Key, ZERO_HASH};
use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use vodozemac::megolm::{GroupSession, GroupSessionPickle, InboundGroupSessionPickle};

use crate::content::Position;
use crate::content::to_device::WithheldCode;
use crate::error::CryptoError;
use crate::olm::Peer;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// Table::Outbound, key conv: own numbers and the present generation.
#[derive(Serialize, Deserialize)]
pub(super) struct OutboundRow {
    /// Newest number given to a ready message, with its chain.
    pub(super) ready_seq: u64,
    #[serde(with = "rows::wire")]
    pub(super) ready_chain: Hash32,
    /// Number and predecessor of the message that is encrypted next.
    pub(super) next_seq: u64,
    #[serde(with = "rows::wire")]
    pub(super) next_prev: Hash32,
    /// Newest generation number that was ever used.
    pub(super) newest: u64,
    /// When a generation was last ended as a precaution, Unix ms; 0 = never.
    #[serde(default)]
    pub(super) precaution_ms: u64,
    /// The present generation.
    pub(super) current: Option<Current>,
}

impl Default for OutboundRow {
    fn default() -> Self {
        Self {
            ready_seq: 0,
            ready_chain: ZERO_HASH,
            next_seq: 1,
            next_prev: ZERO_HASH,
            newest: 0,
            precaution_ms: 0,
            current: None,
        }
    }
}

/// The generation that this device encrypts with.
#[derive(Serialize, Deserialize)]
pub(super) struct Current {
    pub(super) generation: u64,
    #[serde(with = "rows::wire")]
    pub(super) session: Key,
    /// Index that the next encryption uses.
    pub(super) index: u32,
    pub(super) created_ms: u64,
    /// Log-lane messages, encryptions of the same message counted once each.
    pub(super) messages: u64,
    /// `forced_at` of the conversation when it began.
    pub(super) forced_at: u64,
    /// Recipient devices at the last prepare, for the age rule.
    pub(super) recipients: u64,
    /// Recipient devices that still need the key.
    pub(super) due: u64,
    /// Recipient devices that got it.
    pub(super) given: u64,
    /// Generation that this one ends, and its last number.
    pub(super) closes: Option<(u64, u64)>,
    /// Whether it may be part of shared history.
    pub(super) shareable: bool,
    /// Not to be used for another durable send.
    pub(super) retired: bool,
}

/// Table::Generation, key conv ‖ own device ‖ generation ‖ `k`: the key as it was first shared at
/// each index, to answer later requests without going back.
#[derive(Serialize, Deserialize, Default)]
pub(super) struct RecordedRow {
    pub(super) keys: Vec<Recorded>,
}

#[derive(Serialize, Deserialize, Clone)]
pub(super) struct Recorded {
    pub(super) index: u32,
    pub(super) first_seq: u64,
    #[serde(with = "rows::wire")]
    pub(super) chain: Hash32,
    pub(super) key: Vec<u8>,
}

/// Table::Shared, key conv ‖ recipient device.
#[derive(Serialize, Deserialize, Clone)]
pub(super) struct SharedRow {
    pub(super) user: UserId,
    #[serde(with = "rows::wire")]
    pub(super) aik: Key,
    /// Newest generation that this row is about.
    pub(super) generation: u64,
    pub(super) state: ShareState,
    pub(super) spans: Vec<Span>,
    /// (session, time) of answered requests within a day.
    pub(super) answered: Vec<(Vec<u8>, u64)>,
}

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShareState {
    Due,
    Given,
    Dormant,
}

/// Table::Outbound, key conv ‖ `d` ‖ device: the device still needs the present key. Kept apart
/// from [`SharedRow`], so that finding the next few costs nothing for the others.
#[derive(Serialize, Deserialize)]
pub(super) struct DueRow {
    pub(super) user: UserId,
    /// When this device last read something of it.
    pub(super) heard_ms: u64,
}

/// A device was entitled from an index of a generation until before another generation.
#[derive(Serialize, Deserialize, Clone, Copy)]
pub(super) struct Span {
    pub(super) from: u64,
    pub(super) index: u32,
    pub(super) until: Option<u64>,
}

/// Who gave us a session.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq)]
pub(super) enum Provenance {
    /// Made here.
    Own,
    /// Its owner device, over Olm.
    Owner,
    /// An own full device.
    Forwarded,
}

/// Table::Inbound, key conv ‖ owner device ‖ session.
#[derive(Serialize, Deserialize)]
pub(super) struct InboundRow {
    pub(super) user: UserId,
    pub(super) pickle: InboundGroupSessionPickle,
    /// Unknown for a forwarded key until the first message names it.
    pub(super) generation: Option<u64>,
    pub(super) provenance: Provenance,
    /// `chain` of the conv.key: a first message after it leaves no gap.
    #[serde(with = "rows::wire")]
    pub(super) chain: Hash32,
    pub(super) received_ms: u64,
}

/// Table::Generation, key conv ‖ owner device: what is known of a sender device.
#[derive(Serialize, Deserialize, Default)]
pub(super) struct SenderRow {
    /// Newest generation whose key came from the owner.
    pub(super) newest: u64,
    /// Greatest number read, with its chain.
    pub(super) last_seq: u64,
    pub(super) last_chain: Vec<u8>,
    /// Lowest `first_seq` of its keys; 0 = none came.
    pub(super) first_seq: u64,
    pub(super) heard_ms: u64,
    /// Failed decrypts since `failing_since`.
    pub(super) failures: u32,
    pub(super) failing_since: u64,
}

/// Table::Generation, key conv ‖ owner device ‖ generation.
#[derive(Serialize, Deserialize, Default)]
pub(super) struct GenerationRow {
    /// Its session; none when only its end is known.
    pub(super) session: Option<Vec<u8>>,
    /// Last number written under it, once its successor said so.
    pub(super) closes: Option<u64>,
    /// When we learned that, Unix ms.
    #[serde(default)]
    pub(super) closed_ms: Option<u64>,
}

/// Table::Generation, key conv ‖ owner device ‖ session: the owner says that no key comes.
#[derive(Serialize, Deserialize)]
pub(super) struct WithheldRow {
    pub(super) code: WithheldCode,
}

/// Table::Replay, key conv ‖ owner device ‖ session ‖ index.
#[derive(Serialize, Deserialize)]
pub(super) struct ReplayRow {
    #[serde(with = "rows::wire")]
    pub(super) msg: MsgId,
    #[serde(with = "rows::wire")]
    pub(super) ct: Hash32,
}

/// Table::Chain, key conv ‖ device ‖ number.
#[derive(Serialize, Deserialize)]
pub(super) enum ChainRow {
    /// Read, or sent by this device.
    Read {
        #[serde(with = "rows::wire")]
        chain: Hash32,
        #[serde(with = "rows::wire")]
        msg: MsgId,
    },
    /// The row is here and cannot be read yet.
    Unread,
    /// Purged at the relay.
    Void,
}

/// Table::Chain, key conv ‖ `G` ‖ device ‖ prev: a read message whose predecessor was not read.
#[derive(Serialize, Deserialize)]
pub(super) struct LinkRow {
    /// Number of the message that was read.
    pub(super) before: u64,
    pub(super) since_ms: u64,
    /// The predecessor lies before the key that was given to us, so nothing is missing.
    pub(super) expected: bool,
}

/// Table::Chain, key conv ‖ `F` ‖ device ‖ number: a position that another sender had read.
#[derive(Serialize, Deserialize)]
pub(super) struct FrontierRow {
    pub(super) chain16: Vec<u8>,
    pub(super) since_ms: u64,
}

/// Table::KeyRequest, key conv ‖ owner device ‖ session: whom we asked for it.
#[derive(Serialize, Deserialize, Default)]
pub(super) struct AskRow {
    /// (device, time) in the order asked.
    pub(super) asked: Vec<(DeviceId, u64)>,
    /// Open request and its time.
    pub(super) open: Option<(Vec<u8>, u64)>,
}

/// Table::KeyRequest, key request id.
#[derive(Serialize, Deserialize)]
pub(super) struct RequestRow {
    pub(super) conv: ConvId,
    pub(super) owner: DeviceId,
    pub(super) session: Vec<u8>,
    pub(super) to: DeviceId,
    pub(super) asked_ms: u64,
}

/// Table::KeyRequest, keys `out` and `in` ‖ device: how many in the present hour.
#[derive(Serialize, Deserialize, Default)]
pub(super) struct BudgetRow {
    pub(super) since_ms: u64,
    pub(super) count: u32,
}

/// Table::Outbound, key conv ‖ `f`: newest positions read of other devices, newest first.
#[derive(Serialize, Deserialize, Default)]
pub(super) struct FrontierList {
    pub(super) positions: Vec<(DeviceId, u64, Vec<u8>)>,
}

impl FrontierList {
    /// As it goes into a payload.
    pub(super) fn wire(&self) -> Vec<Position> {
        let position = |(device, dev_seq, chain): &(DeviceId, u64, Vec<u8>)| {
            Some(Position {
                device: *device,
                dev_seq: *dev_seq,
                chain16: chatty_protocol::codec::Fixed(chain.as_slice().try_into().ok()?),
            })
        };
        self.positions.iter().filter_map(position).collect()
    }
}

/// Reads a row or begins a new one.
pub(super) fn load_or<T: DeserializeOwned + Default>(
    tx: &Tx<'_>,
    table: Table,
    key: &[u8],
) -> Result<T, CryptoError> {
    Ok(rows::load(tx, table, key)?.unwrap_or_default())
}

/// Takes the outbound session of the present generation out of the store. Its row is apart from
/// [`OutboundRow`], so that only an encryption touches the ratchet.
pub(super) fn outbound_session(tx: &Tx<'_>, conv: &ConvId) -> Result<GroupSession, CryptoError> {
    rows::load::<GroupSessionPickle>(tx, Table::Outbound, &key::ratchet(conv))?
        .map(GroupSession::from_pickle)
        .ok_or(CryptoError::Corrupt("outbound session"))
}

/// Puts it back.
pub(super) fn store_outbound_session(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    session: &GroupSession,
) -> Result<(), CryptoError> {
    rows::store(tx, Table::Outbound, &key::ratchet(conv), &session.pickle())
}

/// Keys of rows, one function per row kind.
pub(super) mod key {
    use super::{ConvId, DeviceId, Key, MsgId, Peer};

    pub(in crate::megolm) fn frontier_list(conv: &ConvId) -> Vec<u8> {
        [conv.as_ref(), b"f"].concat()
    }

    pub(in crate::megolm) fn checked(conv: &ConvId) -> Vec<u8> {
        [conv.as_ref(), b"c"].concat()
    }

    pub(in crate::megolm) fn due(conv: &ConvId, device: &DeviceId) -> Vec<u8> {
        [conv.as_ref(), b"d", device.as_ref()].concat()
    }

    pub(in crate::megolm) fn all_due(conv: &ConvId) -> Vec<u8> {
        [conv.as_ref(), b"d"].concat()
    }

    pub(in crate::megolm) fn ratchet(conv: &ConvId) -> Vec<u8> {
        [conv.as_ref(), b"s"].concat()
    }

    pub(in crate::megolm) fn recorded(conv: &ConvId, own: &DeviceId, generation: u64) -> Vec<u8> {
        [conv.as_ref(), own.as_ref(), &generation.to_be_bytes(), b"k"].concat()
    }

    pub(in crate::megolm) fn shared(conv: &ConvId, device: &DeviceId) -> Vec<u8> {
        [conv.as_ref(), device.as_ref()].concat()
    }

    pub(in crate::megolm) fn session(conv: &ConvId, owner: &DeviceId, session: &Key) -> Vec<u8> {
        [conv.as_ref(), owner.as_ref(), session.as_ref()].concat()
    }

    pub(in crate::megolm) fn sender(conv: &ConvId, device: &DeviceId) -> Vec<u8> {
        shared(conv, device)
    }

    pub(in crate::megolm) fn generation(
        conv: &ConvId,
        owner: &DeviceId,
        generation: u64,
    ) -> Vec<u8> {
        [conv.as_ref(), owner.as_ref(), &generation.to_be_bytes()].concat()
    }

    pub(in crate::megolm) fn replay(
        conv: &ConvId,
        owner: &DeviceId,
        session: &Key,
        index: u32,
    ) -> Vec<u8> {
        [
            conv.as_ref(),
            owner.as_ref(),
            session.as_ref(),
            &u64::from(index).to_be_bytes(),
        ]
        .concat()
    }

    pub(in crate::megolm) fn chain(conv: &ConvId, device: &DeviceId, dev_seq: u64) -> Vec<u8> {
        [conv.as_ref(), device.as_ref(), &dev_seq.to_be_bytes()].concat()
    }

    pub(in crate::megolm) fn message(conv: &ConvId, device: &DeviceId, msg: &MsgId) -> Vec<u8> {
        [conv.as_ref(), device.as_ref(), msg.as_ref()].concat()
    }

    pub(in crate::megolm) fn links(conv: &ConvId) -> Vec<u8> {
        [conv.as_ref(), b"G"].concat()
    }

    pub(in crate::megolm) fn link(conv: &ConvId, device: &DeviceId, prev: &Key) -> Vec<u8> {
        [conv.as_ref(), b"G", device.as_ref(), prev.as_ref()].concat()
    }

    pub(in crate::megolm) fn frontiers(conv: &ConvId) -> Vec<u8> {
        [conv.as_ref(), b"F"].concat()
    }

    pub(in crate::megolm) fn frontier(conv: &ConvId, device: &DeviceId, dev_seq: u64) -> Vec<u8> {
        [conv.as_ref(), b"F", device.as_ref(), &dev_seq.to_be_bytes()].concat()
    }

    pub(in crate::megolm) fn budget_in(from: &Peer) -> Vec<u8> {
        [b"in", from.device.as_ref()].concat()
    }

    /// Budget of requests going out.
    pub(in crate::megolm) const BUDGET_OUT: &[u8] = b"out";
}
