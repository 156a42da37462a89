//! Every way in which a call of this crate fails; on any of them the transaction is dropped.

use chatty_protocol::codec::DecodeError;
use chatty_protocol::conversation_log::Denied;
use chatty_protocol::device_log::LogError;
use chatty_protocol::{ConvId, DeviceId, UserId};

use crate::view::ViewError;

/// Why a call did not succeed. Carries no secret and no text of a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] ViewError),
    /// A row that this crate wrote cannot be read again: the database is damaged.
    #[error("stored row cannot be read: {0}")]
    Corrupt(&'static str),
    /// Bytes from outside are no structure of this protocol.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A device-log entry of ours would not be valid.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A conversation entry of ours would not be allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no account on this device yet.
    #[error("this device has no identity yet")]
    NoIdentity,
    /// There is an account on this device already.
    #[error("this device has an identity already")]
    IdentityExists,
    /// This device is not, or no longer, a live device of its account.
    #[error("this device is not a live device of its account")]
    NotLive,
    /// The recovery secret was confirmed and erased, or is not on this device.
    #[error("the recovery secret is not on this device")]
    RecoveryGone,
    /// The user's device log was never fetched.
    #[error("device log not known")]
    UnknownUser(UserId),
    /// The device stands in no known device log.
    #[error("device not known")]
    UnknownDevice(DeviceId),
    /// The conversation was never seen.
    #[error("conversation not known")]
    UnknownConversation(ConvId),
    /// There is no Olm session with the device; claim a key first.
    #[error("no session with the device")]
    NoSession(DeviceId),
    /// A rule of the protocol forbids it now.
    #[error("not allowed: {0}")]
    NotAllowed(&'static str),
    /// The cryptographic library refused its input.
    #[error("cryptography refused: {0}")]
    Refused(&'static str),
}
