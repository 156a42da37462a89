//! Bodies that move keys of conversations: types 1–5.

use chatty_protocol::codec::{Bytes, Decode, Decoder, Encode, Encoder, Fixed, malformed};
use chatty_protocol::sign::{Hash32, Head, Key};
use chatty_protocol::{ConvId, DeviceId, UserId, wire_array};

wire_array! {
    /// 1: the key of a Megolm generation.
    pub struct ConvKey {
        /// Conversation.
        pub conv: ConvId,
        /// Signed Megolm session key, 229 bytes.
        pub session_key: Bytes,
        /// Generation, rises strictly per (conversation, owner device).
        pub gen_no: u64,
        /// dev_seq of the first log-lane message that this key opens.
        pub first_seq: u64,
        /// `prev` of that message.
        pub chain: Hash32,
        /// Generation that this one ends, and its last dev_seq.
        pub closes: Option<(u64, u64)>,
        /// Conversation head as the sender has it.
        pub conv_head: Head,
        /// Recipient's own device-log head as the sender knows it.
        pub your_head: Head,
        /// Whether the session may be part of shared history.
        pub shareable: bool,
        /// Key of the newest meta entry.
        pub meta_key: Option<(Fixed<8>, Key)>,
    }
}

/// Why a key is withheld; shown, never acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithheldCode {
    /// The device is in no device log.
    NotSigned,
    /// The conversation is for verified people only.
    VerifiedOnly,
    /// No key could be claimed.
    NoKey,
    /// The device was not connected for long.
    Dormant,
}

impl WithheldCode {
    const ALL: [Self; 4] = [
        Self::NotSigned,
        Self::VerifiedOnly,
        Self::NoKey,
        Self::Dormant,
    ];

    /// Number on the wire, from 1.
    pub fn number(self) -> u64 {
        1 + Self::ALL.iter().position(|code| *code == self).unwrap_or(0) as u64
    }
}

impl<C> Encode<C> for WithheldCode {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u64(self.number())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for WithheldCode {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let number = d.u64()?;
        Self::ALL
            .into_iter()
            .find(|code| code.number() == number)
            .ok_or_else(|| malformed("no such withheld code"))
    }
}

wire_array! {
    /// 2: the owner of a session says that no key comes.
    pub struct Withheld {
        /// Conversation.
        pub conv: ConvId,
        /// Megolm session id.
        pub session: Key,
        /// Its generation.
        pub gen_no: u64,
        /// Why.
        pub code: WithheldCode,
    }
}

wire_array! {
    /// 3: key of a conversation's title and picture.
    pub struct ConvMeta {
        /// Conversation.
        pub conv: ConvId,
        /// Which key.
        pub key_id: Fixed<8>,
        /// The key.
        pub key: Key,
        /// Conversation head at the invite.
        pub invite_head: Head,
    }
}

wire_array! {
    /// 4: a device asks for a session key.
    pub struct KeyRequest {
        /// Random id of the request.
        pub request: Fixed<16>,
        /// Conversation.
        pub conv: ConvId,
        /// Megolm session id.
        pub session: Key,
        /// Device that owns the session.
        pub owner: DeviceId,
    }
}

wire_array! {
    /// 5: an own full device answers a request.
    pub struct KeyForward {
        /// Id of our open request.
        pub request: Fixed<16>,
        /// Conversation.
        pub conv: ConvId,
        /// User who owns the session.
        pub owner_user: UserId,
        /// Device that owns the session.
        pub owner: DeviceId,
        /// Exported session key, 165 bytes.
        pub exported: Bytes,
    }
}
