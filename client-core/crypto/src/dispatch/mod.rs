//! From an item of the relay to its finished effect: decrypts, checks who may send which type
//! (the table of protocol.md §12), and hands the body to the part that it belongs to.

mod body;

use chatty_protocol::codec::Any;
use chatty_protocol::frame::TdItem;
use chatty_protocol::{ConvId, DeviceId, UserId};

use crate::content::to_device::{ToDeviceBody, Verify};
use crate::conversation::Evidenced;
use crate::device_log::{Gossip, LogOutcome};
use crate::error::CryptoError;
use crate::megolm::KeyOutcome;
use crate::olm::{self, Failure, Ignored, OlmOutcome, Peer};
use crate::profile::ProfileInfo;
use crate::trust::Imported;
use crate::tx::Tx;

/// What an authenticated body led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A key, withheld notice, meta key or forwarded key was judged (types 1, 2, 3, 5).
    Key(KeyOutcome),
    /// How up to date the sender's view of our own device log is (type 1).
    Gossip(Gossip),
    /// The peer could not decrypt something of ours and began a new session; the present keys
    /// that it had been given are among the replies (type 6).
    PeerReset,
    /// A step of a SAS verification (type 10).
    Verify(Verify),
    /// Pins and heads of an own full device were taken over (type 11).
    Pins(Imported),
    /// Read on another own device (type 12).
    Read {
        /// Conversation.
        conv: ConvId,
        /// Newest message shown, per sender device.
        positions: Vec<(DeviceId, u64)>,
        /// When, Unix ms.
        time: u64,
    },
    /// A setting changed on another own device (type 12); the greatest (rev, device) wins.
    Setting {
        /// Name.
        name: String,
        /// One CBOR item.
        value: Any,
        /// Revision.
        rev: u64,
    },
    /// Evidence about a conversation log was judged (type 13).
    ConversationEvidence {
        /// Conversation.
        conv: ConvId,
        /// What it showed.
        evidenced: Evidenced,
    },
    /// Evidence about a device log was judged (type 13).
    UserEvidence {
        /// Account.
        user: UserId,
        /// What it showed.
        outcome: LogOutcome,
    },
    /// Name or picture of a person changed (type 22).
    Profile(ProfileInfo),
    /// A type of a newer program: kept for a while, ignored.
    Unknown {
        /// Its number.
        kind: u64,
        /// Its body.
        body: Any,
    },
    /// The sender may not send this, or its content makes no sense; nothing was done.
    Refused(&'static str),
}

/// What an item led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// Commit, show the effects, send the replies (through [`olm::encrypt`]), acknowledge.
    Done {
        /// Proven sender.
        from: Peer,
        /// Effects in order.
        effects: Vec<Effect>,
        /// Bodies to send back.
        replies: Vec<(Peer, ToDeviceBody)>,
    },
    /// Commit and acknowledge; nothing happened.
    Ignored(Ignored),
    /// Do not acknowledge; give it again in a minute (A31).
    Park,
    /// Do not acknowledge; fetch this user's device log, then give it again.
    NeedLog(UserId),
    /// Commit and acknowledge; then perhaps [`olm::reset`].
    Failed(Failure),
    /// Commit and acknowledge; warn: the sender's device was copied.
    CloneAlarm(Peer),
}

/// Takes one item. `log_fresh`: the sender's device log was compared with the relay since the
/// connect. Commit the transaction whatever comes out; on `Err` drop it and give the item again.
pub fn receive(tx: &mut Tx<'_>, item: &TdItem, log_fresh: bool) -> Result<Received, CryptoError> {
    Ok(match olm::receive(tx, item, log_fresh)? {
        OlmOutcome::Ignored(why) => Received::Ignored(why),
        OlmOutcome::Park => Received::Park,
        OlmOutcome::NeedLog(user) => Received::NeedLog(user),
        OlmOutcome::Failed(failure) => Received::Failed(failure),
        OlmOutcome::CloneAlarm(peer) => Received::CloneAlarm(peer),
        OlmOutcome::Body(opened) => {
            let from = opened.from;
            let mut done = body::Done::default();
            body::act(tx, &from, opened.body, &mut done)?;
            if opened.new_session && body::may_acknowledge(tx, &from, &done)? {
                done.replies.push((from, ToDeviceBody::OlmAck));
            }
            Received::Done {
                from,
                effects: done.effects,
                replies: done.replies,
            }
        }
    })
}
