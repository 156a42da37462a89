//! Plaintext types. Two disjoint decoders (A5): what travels in Megolm is decoded here, what
//! travels in Olm is decoded in `to_device`, and neither can read the other's bytes.

pub mod flash;
pub mod mark;
pub mod message;
pub mod meta;
pub mod to_device;

use chatty_protocol::codec::{
    Any, Bytes, Decode, DecodeError, Decoder, Encode, Encoder, Ext, Fixed, V1, array_of,
    decode_exact, encode, malformed,
};
use chatty_protocol::envelope::{LANE_FLASH, LANE_LOG, LANE_MARK};
use chatty_protocol::sign::{Hash32, Head, hash};
use chatty_protocol::{ConvId, DeviceId, MsgId, UserId, limits, wire_array};

use flash::Typing;
use mark::Receipt;
use message::{Edit, Reaction, Text};

/// Odd extension key with the text that an older program shows for a type it does not know.
pub const EXT_FALLBACK: u64 = 1;

wire_array! {
    /// Newest position of another device that the sender had read.
    pub struct Position {
        /// The other device.
        pub device: DeviceId,
        /// Its message number.
        pub dev_seq: u64,
        /// First 16 bytes of the chain hash there.
        pub chain16: Fixed<16>,
    }
}

wire_array! {
    /// What a Megolm ciphertext contains: `payload` of protocol.md §13.
    pub struct Payload {
        /// Always 1.
        pub version: V1,
        /// `H("megolm-bind", …)`: the routing that Megolm itself does not authenticate.
        pub bind: Hash32,
        /// Number in the sender device's chain; 0 in marks and flashes.
        pub dev_seq: u64,
        /// Chain hash of the message that the device encrypted before; zeros in marks and flashes.
        pub prev: Hash32,
        /// What the sender had read of up to four other devices.
        pub frontier: Vec<Position>,
        /// Head of the conversation log as the sender has it.
        pub conv_head: Head,
        /// Head of the sender's own device log.
        pub device_head: Head,
        /// Canonical bytes of a [`Content`].
        pub content: Bytes,
        /// Extensions.
        pub ext: Ext,
    }
}

wire_array! {
    /// A message named by its author and id.
    pub struct MessageRef {
        /// User that wrote it.
        pub author: UserId,
        /// Its id.
        pub msg: MsgId,
    }
}

/// What somebody said or did: `content` of protocol.md §15.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Message id; equal to the one on the envelope.
    pub msg: MsgId,
    /// Claimed time of writing, Unix ms; display only.
    pub sent_at: u64,
    /// Disappears after this many seconds; 0 = never.
    pub expires_s: u64,
    /// The message replied to (text), else the target.
    pub rel: Option<MessageRef>,
    /// Type and body.
    pub body: Body,
    /// Extensions.
    pub ext: Ext,
}

/// Type and body of a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// 1: text.
    Text(Text),
    /// 2: another version of an own text.
    Edit(Edit),
    /// 3: an own message is withdrawn.
    Delete,
    /// 4: a reaction to any message, or its removal.
    Reaction(Reaction),
    /// 5 (mark): delivered and read positions.
    Receipt(Receipt),
    /// 6 (flash): typing.
    Typing(Typing),
    /// A type of a newer program; shown as its fallback text.
    Unknown {
        /// Type number.
        kind: u64,
        /// The body as it came.
        body: Any,
    },
}

impl Body {
    /// Type number on the wire.
    pub fn number(&self) -> u64 {
        match self {
            Self::Text(_) => 1,
            Self::Edit(_) => 2,
            Self::Delete => 3,
            Self::Reaction(_) => 4,
            Self::Receipt(_) => 5,
            Self::Typing(_) => 6,
            Self::Unknown { kind, .. } => *kind,
        }
    }

    /// The lane that this type travels in; types to come are messages of the log lane.
    pub fn lane(&self) -> u64 {
        match self {
            Self::Receipt(_) => LANE_MARK,
            Self::Typing(_) => LANE_FLASH,
            _ => LANE_LOG,
        }
    }
}

impl Content {
    /// Canonical bytes: what the chain hashes and what never changes between two encryptions.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads canonical bytes and checks every limit.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let content: Self = decode_exact(bytes)?;
        if content.ext.has_critical() {
            return Err(DecodeError::NeedsUpdate("content extension"));
        }
        content.check()?;
        Ok(content)
    }

    /// Whether every part is within the limits of protocol.md §15 and §21.
    pub fn check(&self) -> Result<(), DecodeError> {
        if self.expires_s > limits::EXPIRES_MAX_S {
            return Err(DecodeError::Malformed("timer above one year"));
        }
        let needs_target = matches!(self.body, Body::Edit(_) | Body::Delete | Body::Reaction(_));
        if needs_target && self.rel.is_none() {
            return Err(DecodeError::Malformed("no target named"));
        }
        match &self.body {
            Body::Text(text) => text.check(),
            Body::Edit(edit) => edit.text.check(),
            Body::Reaction(reaction) => reaction.check(),
            Body::Receipt(receipt) => receipt.check(),
            Body::Delete | Body::Typing(_) | Body::Unknown { .. } => Ok(()),
        }
    }

    /// Text to show for a type that this program does not know, if the sender gave one.
    pub fn fallback(&self) -> Option<String> {
        let Any(bytes) = self.ext.0.get(&EXT_FALLBACK)?;
        let text: String = decode_exact(bytes).ok()?;
        (text.len() <= limits::FALLBACK_TEXT_BYTES).then_some(text)
    }
}

impl<C> Encode<C> for Content {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(7)?.u64(self.body.number())?;
        self.msg.encode(e, ctx)?;
        e.u64(self.sent_at)?.u64(self.expires_s)?;
        self.rel.encode(e, ctx)?;
        match &self.body {
            Body::Text(text) => text.encode(e, ctx)?,
            Body::Edit(edit) => edit.encode(e, ctx)?,
            Body::Delete => {
                e.array(0)?;
            }
            Body::Reaction(reaction) => reaction.encode(e, ctx)?,
            Body::Receipt(receipt) => receipt.encode(e, ctx)?,
            Body::Typing(typing) => typing.encode(e, ctx)?,
            Body::Unknown { body, .. } => body.encode(e, ctx)?,
        }
        self.ext.encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Content {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        array_of(d, 7)?;
        let kind = d.u64()?;
        let msg = Decode::decode(d, ctx)?;
        let sent_at = d.u64()?;
        let expires_s = d.u64()?;
        let rel = Decode::decode(d, ctx)?;
        let body = match kind {
            0 => return Err(malformed("no such content type")),
            1 => Body::Text(Decode::decode(d, ctx)?),
            2 => Body::Edit(Decode::decode(d, ctx)?),
            3 => {
                array_of(d, 0)?;
                Body::Delete
            }
            4 => Body::Reaction(Decode::decode(d, ctx)?),
            5 => Body::Receipt(Decode::decode(d, ctx)?),
            6 => Body::Typing(Decode::decode(d, ctx)?),
            kind => Body::Unknown {
                kind,
                body: Decode::decode(d, ctx)?,
            },
        };
        Ok(Self {
            msg,
            sent_at,
            expires_s,
            rel,
            body,
            ext: Decode::decode(d, ctx)?,
        })
    }
}

/// `bind` of a Megolm payload: conversation, sender, session and generation (A8).
pub fn bind(
    conv: &ConvId,
    user: &UserId,
    device: &DeviceId,
    session: &Fixed<32>,
    generation: u64,
) -> Hash32 {
    hash(
        "megolm-bind",
        &encode(&(*conv, *user, *device, *session, generation)),
    )
}

/// `chain(n)` of protocol.md §13: links a message to the one that its device encrypted before.
pub fn chain(
    conv: &ConvId,
    device: &DeviceId,
    dev_seq: u64,
    prev: &Hash32,
    content: &[u8],
) -> Hash32 {
    let content = chatty_protocol::sign::sha256(content);
    hash("chain", &encode(&(*conv, *device, dev_seq, *prev, content)))
}
