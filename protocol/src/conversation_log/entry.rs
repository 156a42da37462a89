//! Entries of a conversation log: operations and their bytes.

use crate::codec::{Bytes, Ext, Fixed};
use crate::sign::{Hash32, Head, SignContext, Signed};
use crate::{ConvId, DeviceId, UserId, wire_array};

/// One-to-one (and notes to self), or group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Two users, or one alone.
    Direct,
    /// Up to 1,000 users.
    Group,
}

impl Mode {
    /// Number on the wire.
    pub fn number(self) -> u64 {
        match self {
            Self::Direct => 1,
            Self::Group => 2,
        }
    }

    /// Reads the number of the wire.
    pub fn from_number(number: u64) -> Option<Self> {
        [Self::Direct, Self::Group]
            .into_iter()
            .find(|mode| mode.number() == number)
    }
}

crate::wire_number!(Mode);

/// What a member of a group may do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Ordinary member; everyone in a direct conversation.
    Member,
    /// May change members, roles and policy.
    Admin,
}

impl Role {
    /// Number on the wire.
    pub fn number(self) -> u64 {
        match self {
            Self::Member => 0,
            Self::Admin => 1,
        }
    }

    /// Reads the number of the wire.
    pub fn from_number(number: u64) -> Option<Self> {
        [Self::Member, Self::Admin]
            .into_iter()
            .find(|role| role.number() == number)
    }
}

crate::wire_number!(Role);

wire_array! {
    /// Rules of a conversation that admins set.
    pub struct Policy {
        /// Members may invite.
        pub member_invite: bool,
        /// Members may change title and picture.
        pub member_meta: bool,
        /// 0 none, 1 newcomers may read what was sent before.
        pub history: u64,
        /// Disappearing timer, seconds; 0 = off.
        pub timer_s: u64,
        /// Extensions.
        pub ext: Ext,
    }
}

impl Default for Policy {
    /// The policy of a new conversation: members may change the title, only admins invite.
    fn default() -> Self {
        Self {
            member_invite: false,
            member_meta: true,
            history: 0,
            timer_s: 0,
            ext: Ext::default(),
        }
    }
}

wire_array! {
    /// Last message of a device that counts: nothing above it, and only what the chain links to it.
    pub struct Cut {
        /// The device.
        pub device: DeviceId,
        /// Its last dev_seq in this conversation; 0 = none.
        pub dev_seq: u64,
        /// Chain hash at that message; zeros at 0.
        pub chain: Hash32,
    }
}

wire_array! {
    /// Encrypted title, description and picture.
    pub struct Meta {
        /// Which key opens it.
        pub key_id: Fixed<8>,
        /// XChaCha20-Poly1305 nonce.
        pub nonce: Fixed<24>,
        /// Ciphertext; associated data = CBOR `[conv, seq]`.
        pub ct: Bytes,
    }
}

/// An operation of the log with its body; who may sign which is in `apply`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConvOp {
    /// 0: the conversation begins.
    Create {
        /// Direct or group.
        mode: Mode,
        /// Random.
        nonce: Fixed<16>,
        /// Relay that hosts it.
        origin: String,
        /// Direct: lower and higher user id (one for notes to self). Group: empty.
        users: Vec<UserId>,
        /// First policy.
        policy: Policy,
    },
    /// 1: users are invited.
    Invite {
        /// Who; not empty, no repeats.
        users: Vec<UserId>,
    },
    /// 2: an invited user joins.
    Join {
        /// Log number of the invite; 0 in a direct conversation.
        invite_seq: u64,
    },
    /// 3: a user leaves, or declines an invite.
    Leave {
        /// Last messages of the own devices.
        cuts: Vec<Cut>,
        /// New admin, when the last one leaves and members stay.
        successor: Option<UserId>,
    },
    /// 4: an admin removes a user.
    Remove {
        /// Who.
        user: UserId,
        /// Last messages of their devices.
        cuts: Vec<Cut>,
    },
    /// 5: an admin sets a role.
    SetRole {
        /// Whose.
        user: UserId,
        /// To what.
        role: Role,
    },
    /// 6: new policy.
    SetPolicy(Policy),
    /// 7: new title, description or picture.
    SetMeta(Meta),
    /// 8: own revoked devices are cut; forces new generations.
    Rotate {
        /// Last messages of own devices; may be empty.
        cuts: Vec<Cut>,
    },
}

impl ConvOp {
    /// Number on the wire.
    pub fn number(&self) -> u64 {
        match self {
            Self::Create { .. } => 0,
            Self::Invite { .. } => 1,
            Self::Join { .. } => 2,
            Self::Leave { .. } => 3,
            Self::Remove { .. } => 4,
            Self::SetRole { .. } => 5,
            Self::SetPolicy(_) => 6,
            Self::SetMeta(_) => 7,
            Self::Rotate { .. } => 8,
        }
    }

    /// Whether every sender starts a new Megolm generation after this entry.
    pub fn is_forcing(&self) -> bool {
        matches!(self.number(), 3 | 4 | 6 | 8)
    }

    /// Whether only a full device may sign it.
    pub fn needs_full_device(&self) -> bool {
        matches!(self.number(), 4 | 5 | 6 | 8)
    }
}

/// Inner structure of an entry: `centry` of protocol.md §10.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConvEntry {
    /// Conversation; none at 0, where the id follows from the entry.
    pub conv: Option<ConvId>,
    /// Log number, from 0.
    pub seq: u64,
    /// Hash of the entry before; zeros at 0.
    pub prev: Hash32,
    /// Operation and body.
    pub op: ConvOp,
    /// Claimed time, Unix ms; display only.
    pub time: u64,
    /// User that acts.
    pub actor: UserId,
    /// Device of that user that signs.
    pub device: DeviceId,
    /// The actor's device-log head as the signer has it.
    pub actor_head: Head,
    /// Hash of the membership state after this entry.
    pub state: Hash32,
    /// Extensions.
    pub ext: Ext,
}

impl ConvEntry {
    /// Hash of a signed entry.
    pub fn hash_of(signed: &Signed<Self>) -> Hash32 {
        signed.entry_hash(SignContext::ConvLog)
    }
}
