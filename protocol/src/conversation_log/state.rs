//! Membership state of a conversation after an entry.

use std::collections::BTreeMap;

use crate::codec::{Encode, Encoder, encode};
use crate::sign::{Hash32, Head, hash};
use crate::{ConvId, DeviceId, UserId, wire_array};

use super::{Cut, Meta, Mode, Policy, Role};

/// Invited or member.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Invited: gets keys, may read, does not send.
    Invited,
    /// Member.
    Member,
}

impl Status {
    /// Number on the wire.
    pub fn number(self) -> u64 {
        match self {
            Self::Invited => 1,
            Self::Member => 2,
        }
    }

    /// Reads the number of the wire.
    pub fn from_number(number: u64) -> Option<Self> {
        [Self::Invited, Self::Member]
            .into_iter()
            .find(|status| status.number() == number)
    }
}

crate::wire_number!(Status);

wire_array! {
/// One person of a conversation.
#[derive(Copy)]
pub struct Member {
    /// Invited or member.
    pub status: Status,
    /// Admin or not.
    pub role: Role,
    /// Entry that gave the present status (0 in a direct conversation).
    pub since_seq: u64,
    /// Entry of the invite that the present stay began with (0 for creators and direct).
    pub invited_seq: u64,
}
}

wire_array! {
/// The verified state of a conversation at its newest entry. Encodes canonically, so that a
/// snapshot of it can be stored; a snapshot never travels.
pub struct ConvState {
    /// Conversation.
    pub conv: ConvId,
    /// Newest entry: `[log_seq, hash]`.
    pub head: Head,
    /// Direct or group.
    pub mode: Mode,
    /// Relay that hosts it.
    pub origin: String,
    /// Present policy.
    pub policy: Policy,
    /// Members and invited users.
    pub members: BTreeMap<UserId, Member>,
    /// Newest cut per device.
    pub cuts: BTreeMap<DeviceId, Cut>,
    /// Last removal or leave per user: invites up to it are void.
    pub removed_at: BTreeMap<UserId, u64>,
    /// Newest meta entry and its number.
    pub meta: Option<(u64, Meta)>,
    /// Number of the newest forcing entry (0 if none).
    pub forced_at: u64,
}
}

/// What `state` hashes: `[mode, policy, members, cuts]`, both lists sorted by id.
struct Hashed<'a>(&'a ConvState);

impl<C> Encode<C> for Hashed<'_> {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let state = self.0;
        e.array(4)?.u64(state.mode.number())?;
        state.policy.encode(e, ctx)?;
        e.array(state.members.len() as u64)?;
        for (user, member) in &state.members {
            e.array(4)?;
            user.encode(e, ctx)?;
            e.u64(member.status.number())?
                .u64(member.role.number())?
                .u64(member.since_seq)?;
        }
        e.array(state.cuts.len() as u64)?;
        state.cuts.values().try_for_each(|cut| cut.encode(e, ctx))
    }
}

impl ConvState {
    /// The `state` hash that the newest entry must carry.
    pub fn state_hash(&self) -> Hash32 {
        hash("conv-state", &encode(&Hashed(self)))
    }

    /// The person, if invited or member.
    pub fn member(&self, user: &UserId) -> Option<&Member> {
        self.members.get(user)
    }

    /// Whether the user is a member and may send.
    pub fn may_send(&self, user: &UserId) -> bool {
        self.member(user)
            .is_some_and(|member| member.status == Status::Member)
    }

    /// How many admins there are.
    pub fn admins(&self) -> usize {
        self.members
            .values()
            .filter(|member| member.role == Role::Admin)
            .count()
    }

    /// Members and invited users: everybody whose live devices get keys.
    pub fn entitled(&self) -> impl Iterator<Item = &UserId> {
        self.members.keys()
    }
}
