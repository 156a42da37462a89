//! Bodies that carry knowledge: pins, own devices' state, evidence, profiles (types 11–13, 22).

use chatty_protocol::codec::{
    Any, Bytes, Decode, Decoder, Encode, Encoder, Ext, array_of, malformed, needs_update,
};
use chatty_protocol::sign::{Head, Key};
use chatty_protocol::{ConvId, DeviceId, UserId, wire_array};

wire_array! {
    /// A row of [`TrustPart`].
    pub struct TrustPin {
        /// Who.
        pub user: UserId,
        /// Account identity key.
        pub aik: Key,
        /// Device-log head.
        pub head: Head,
        /// 1 pinned, 2 verified, 3 changed, 4 violation.
        pub state: u64,
        /// Claimed time of the state, Unix ms.
        pub since: u64,
    }
}

wire_array! {
    /// 11: pins and conversation heads of an own full device, in parts.
    pub struct TrustPart {
        /// Rises with each transfer; the highest wins.
        pub version: u64,
        /// Number of this part, from 0.
        pub part: u64,
        /// How many parts there are.
        pub parts: u64,
        /// At most 300 pins.
        pub pins: Vec<TrustPin>,
        /// Conversation heads.
        pub heads: Vec<(ConvId, Head)>,
    }
}

/// 12: state of one person's own devices; the greatest (rev, device) wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sync {
    /// 1: read elsewhere.
    Read {
        /// Conversation.
        conv: ConvId,
        /// Newest message shown, per sender device.
        positions: Vec<(DeviceId, u64)>,
        /// When, Unix ms: starts disappearing timers.
        time: u64,
    },
    /// 2: a setting; `device/<id>` is a device's label.
    Setting {
        /// Name.
        name: String,
        /// Value, one CBOR item.
        value: Any,
        /// Revision.
        rev: u64,
    },
}

impl<C> Encode<C> for Sync {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(3)?;
        match self {
            Self::Read {
                conv,
                positions,
                time,
            } => {
                e.u64(1)?.array(3)?;
                conv.encode(e, ctx)?;
                positions.encode(e, ctx)?;
                e.u64(*time)?;
            }
            Self::Setting { name, value, rev } => {
                e.u64(2)?.array(3)?.str(name)?;
                value.encode(e, ctx)?;
                e.u64(*rev)?;
            }
        }
        Ext::default().encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Sync {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        array_of(d, 3)?;
        let kind = d.u64()?;
        array_of(d, 3)?;
        let sync = match kind {
            1 => Self::Read {
                conv: Decode::decode(d, ctx)?,
                positions: Decode::decode(d, ctx)?,
                time: d.u64()?,
            },
            2 => Self::Setting {
                name: d.str()?.to_owned(),
                value: Decode::decode(d, ctx)?,
                rev: d.u64()?,
            },
            _ => return Err(needs_update()),
        };
        // Nothing is defined yet; a newer program's additions are not understood by this one.
        if !Ext::decode(d, ctx)?.0.is_empty() {
            return Err(needs_update());
        }
        Ok(sync)
    }
}

/// Whose log a piece of evidence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A conversation log.
    Conv(ConvId),
    /// A device log.
    User(UserId),
}

impl<C> Encode<C> for Subject {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match self {
            Self::Conv(conv) => conv.encode(e, ctx),
            Self::User(user) => user.encode(e, ctx),
        }
    }
}

impl<'b, C> Decode<'b, C> for Subject {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let bytes = d.bytes()?;
        ConvId::from_slice(bytes)
            .map(Self::Conv)
            .or_else(|_| UserId::from_slice(bytes).map(Self::User))
            .map_err(|_| malformed("neither a conversation nor a user"))
    }
}

wire_array! {
    /// 13: signed entries that prove a fork.
    pub struct Evidence {
        /// Which log.
        pub subject: Subject,
        /// Signed entry bytes, at least one.
        pub entries: Vec<Bytes>,
    }
}

wire_array! {
    /// 22: name and picture of the sender; the greatest (rev, device) wins.
    pub struct Profile {
        /// Revision.
        pub rev: u64,
        /// Display name.
        pub name: String,
        /// Reference of a picture, not interpreted yet.
        pub avatar: Option<Any>,
    }
}
