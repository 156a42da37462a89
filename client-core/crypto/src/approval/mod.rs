//! Approval of a new device by comparing a short code on both devices (protocol.md §18; A4, A32, B9).
//!
//! The trusted device commits to its ephemeral key and its view of the account before the new
//! device reveals its own, so a relay in the middle has one guess in 2⁴² per prompt. Both devices
//! ask their user; only then MACs over the whole transcript cross. What is signed at the end is
//! the certificate from the first message, snapshotted here, and nothing looked up later.
//!
//! A run lives in memory: its ephemeral key is worth nothing after a restart, a new run starts
//! with a new prompt. Only the count of failures is stored. A machine that answered
//! [`Stopped`](NewcomerStep::Stopped) is used up; the caller tells the other side with
//! [`LinkFrame::stop`], unless it was the other side that stopped.

mod code;
mod lock;
mod newcomer;
mod truster;
mod wire;

pub use code::{Code, EMOJI, Emoji};
pub use lock::locked_until;
pub use newcomer::{Newcomer, NewcomerStep};
pub use truster::{Approved, Request, Truster, TrusterStep};
pub use wire::{Label, LinkFrame};

use chatty_protocol::sign::hash;
use data_encoding::BASE64_NOPAD;
use vodozemac::sas::{EstablishedSas, Mac, Sas};

/// Why a run ended without approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// The other device stopped.
    #[error("the other device stopped")]
    ByOther,
    /// The user said that the codes differ.
    #[error("the codes differ")]
    CodesDiffer,
    /// A frame that does not belong here, or cannot be read.
    #[error("unexpected message")]
    Unexpected,
    /// The certificate is not a new one of this account.
    #[error("certificate does not fit")]
    Certificate,
    /// The two devices see different account keys: the relay shows two accounts.
    #[error("the devices see different accounts")]
    OtherAccount,
    /// The two devices see different device lists; fetch them and start again.
    #[error("the devices see different device lists")]
    OtherHead,
    /// What was revealed is not what was committed to.
    #[error("commitment broken")]
    Commitment,
    /// An ephemeral key that gives no secret.
    #[error("unusable key")]
    Key,
    /// The MAC over the transcript does not hold.
    #[error("transcripts differ")]
    Mac,
    /// Three failures: wait.
    #[error("too many failures; wait")]
    Locked,
}

/// Which role a MAC is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    New,
    Trusted,
}

impl Role {
    fn mac_info(self) -> &'static str {
        match self {
            Self::New => "chatty/v1/sas-mac|N",
            Self::Trusted => "chatty/v1/sas-mac|T",
        }
    }
}

/// The shared secret of a run with its transcript hash.
struct Shared {
    sas: EstablishedSas,
    transcript: String,
}

impl Shared {
    fn new(own: Sas, theirs: [u8; 32], messages: [&[u8]; 4]) -> Result<Self, Stopped> {
        let theirs = vodozemac::Curve25519PublicKey::from_bytes(theirs);
        if theirs == own.public_key() {
            return Err(Stopped::Key);
        }
        let sas = own.diffie_hellman(theirs).map_err(|_| Stopped::Key)?;
        let transcript = BASE64_NOPAD.encode(&hash("sas", &messages.concat()).0);
        Ok(Self { sas, transcript })
    }

    fn code(&self) -> Code {
        let info = format!("chatty/v1/sas|{}", self.transcript);
        Code::of(&self.sas.bytes(&info))
    }

    fn mac(&self, role: Role) -> Vec<u8> {
        let mac = self.sas.calculate_mac(&self.transcript, role.mac_info());
        mac.as_bytes().to_vec()
    }

    fn verify(&self, role: Role, mac: &[u8]) -> Result<(), Stopped> {
        self.sas
            .verify_mac(&self.transcript, role.mac_info(), &Mac::from_slice(mac))
            .map_err(|_| Stopped::Mac)
    }
}
