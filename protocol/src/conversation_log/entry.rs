//! Entries of a conversation log: operations and their bytes.

use crate::codec::{
    Bytes, Decode, Decoder, Encode, Encoder, Ext, Fixed, V1, array_of, needs_update,
};
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

/// An operation of the log with its body; who may sign which is in `authorize`.
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

/// Inner structure of an entry: `centry` of wire.md §3.
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

impl<C> Encode<C> for ConvEntry {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(12)?;
        V1.encode(e, ctx)?;
        self.conv.encode(e, ctx)?;
        e.u64(self.seq)?;
        self.prev.encode(e, ctx)?;
        e.u64(self.op.number())?.u64(self.time)?;
        self.actor.encode(e, ctx)?;
        self.device.encode(e, ctx)?;
        self.actor_head.encode(e, ctx)?;
        self.state.encode(e, ctx)?;
        encode_body(&self.op, e, ctx)?;
        self.ext.encode(e, ctx)
    }
}

fn encode_body<C, W: minicbor::encode::Write>(
    op: &ConvOp,
    e: &mut Encoder<W>,
    ctx: &mut C,
) -> Result<(), minicbor::encode::Error<W::Error>> {
    match op {
        ConvOp::Create {
            mode,
            nonce,
            origin,
            users,
            policy,
        } => {
            e.array(5)?.u64(mode.number())?;
            nonce.encode(e, ctx)?;
            e.str(origin)?;
            users.encode(e, ctx)?;
            policy.encode(e, ctx)
        }
        ConvOp::Invite { users } => {
            e.array(1)?;
            users.encode(e, ctx)
        }
        ConvOp::Join { invite_seq } => e.array(1)?.u64(*invite_seq)?.ok(),
        ConvOp::Leave { cuts, successor } => {
            e.array(2)?;
            cuts.encode(e, ctx)?;
            successor.encode(e, ctx)
        }
        ConvOp::Remove { user, cuts } => {
            e.array(2)?;
            user.encode(e, ctx)?;
            cuts.encode(e, ctx)
        }
        ConvOp::SetRole { user, role } => {
            e.array(2)?;
            user.encode(e, ctx)?;
            e.u64(role.number())?.ok()
        }
        ConvOp::SetPolicy(policy) => policy.encode(e, ctx),
        ConvOp::SetMeta(meta) => meta.encode(e, ctx),
        ConvOp::Rotate { cuts } => {
            e.array(1)?;
            cuts.encode(e, ctx)
        }
    }
}

impl<'b, C> Decode<'b, C> for ConvEntry {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        array_of(d, 12)?;
        V1::decode(d, ctx)?;
        let conv = Decode::decode(d, ctx)?;
        let seq = d.u64()?;
        let prev = Decode::decode(d, ctx)?;
        let op = d.u64()?;
        let time = d.u64()?;
        let actor = Decode::decode(d, ctx)?;
        let device = Decode::decode(d, ctx)?;
        let actor_head = Decode::decode(d, ctx)?;
        let state = Decode::decode(d, ctx)?;
        let op = decode_body(op, d, ctx)?;
        let ext = Decode::decode(d, ctx)?;
        Ok(Self {
            conv,
            seq,
            prev,
            op,
            time,
            actor,
            device,
            actor_head,
            state,
            ext,
        })
    }
}

fn decode_body<C>(
    op: u64,
    d: &mut Decoder<'_>,
    ctx: &mut C,
) -> Result<ConvOp, minicbor::decode::Error> {
    match op {
        6 => return Ok(ConvOp::SetPolicy(Policy::decode(d, ctx)?)),
        7 => return Ok(ConvOp::SetMeta(Meta::decode(d, ctx)?)),
        0 => array_of(d, 5)?,
        1 | 2 | 8 => array_of(d, 1)?,
        3..=5 => array_of(d, 2)?,
        _ => return Err(needs_update()),
    }
    Ok(match op {
        0 => ConvOp::Create {
            mode: Decode::decode(d, ctx)?,
            nonce: Decode::decode(d, ctx)?,
            origin: d.str()?.to_owned(),
            users: Decode::decode(d, ctx)?,
            policy: Decode::decode(d, ctx)?,
        },
        1 => ConvOp::Invite {
            users: Decode::decode(d, ctx)?,
        },
        2 => ConvOp::Join {
            invite_seq: d.u64()?,
        },
        3 => ConvOp::Leave {
            cuts: Decode::decode(d, ctx)?,
            successor: Decode::decode(d, ctx)?,
        },
        4 => ConvOp::Remove {
            user: Decode::decode(d, ctx)?,
            cuts: Decode::decode(d, ctx)?,
        },
        5 => ConvOp::SetRole {
            user: Decode::decode(d, ctx)?,
            role: Decode::decode(d, ctx)?,
        },
        _ => ConvOp::Rotate {
            cuts: Decode::decode(d, ctx)?,
        },
    })
}
