//! Bodies of to-device payloads (wire.md §4), types 1–13 and 22.

use chatty_protocol::codec::{
    Any, Bytes, Decode, DecodeError, Decoder, Encode, Encoder, Ext, Fixed, array_of, decode_exact,
    encode, malformed,
};
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

wire_array! {
    /// 6: the sender could not decrypt and started a new session.
    pub struct OlmReset {
        /// Session that failed.
        pub session: Fixed<32>,
        /// Greatest pair counter that the sender saw from the recipient.
        pub last_ctr: u64,
    }
}

wire_array! {
    /// 8: an own device asks for a secret.
    pub struct SecretRequest {
        /// Random id of the request.
        pub request: Fixed<16>,
        /// Which secret: `backup`.
        pub name: String,
    }
}

wire_array! {
    /// 9: an own full device gives a secret.
    pub struct SecretSend {
        /// Id of our open request.
        pub request: Fixed<16>,
        /// Which secret.
        pub name: String,
        /// The secret.
        pub secret: Bytes,
    }
}

wire_array! {
    /// 10: one step of a SAS verification.
    pub struct Verify {
        /// Transaction.
        pub txn: Fixed<16>,
        /// Step 1–7 of wire.md §8.
        pub step: u64,
        /// The step's message.
        pub bytes: Bytes,
    }
}

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
            _ => return Err(chatty_protocol::codec::needs_update()),
        };
        // Nothing is defined yet; a newer program's additions are not understood by this one.
        if !Ext::decode(d, ctx)?.0.is_empty() {
            return Err(chatty_protocol::codec::needs_update());
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

/// Everything that Olm may carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToDeviceBody {
    /// Type 1.
    ConvKey(ConvKey),
    /// Type 2.
    Withheld(Withheld),
    /// Type 3.
    ConvMeta(ConvMeta),
    /// Type 4.
    KeyRequest(KeyRequest),
    /// Type 5.
    KeyForward(KeyForward),
    /// Type 6.
    OlmReset(OlmReset),
    /// Type 7: first answer on a new session.
    OlmAck,
    /// Type 8.
    SecretRequest(SecretRequest),
    /// Type 9.
    SecretSend(SecretSend),
    /// Type 10.
    Verify(Verify),
    /// Type 11.
    Trust(TrustPart),
    /// Type 12.
    Sync(Sync),
    /// Type 13.
    Evidence(Evidence),
    /// Type 22.
    Profile(Profile),
    /// A type of a newer program: kept for a while, ignored.
    Unknown {
        /// Its number.
        kind: u64,
        /// Its body as it came.
        body: Any,
    },
}

wire_array! {
    /// Body of type 7.
    pub struct Empty {}
}

impl ToDeviceBody {
    /// Number on the wire.
    pub fn kind(&self) -> u64 {
        match self {
            Self::ConvKey(_) => 1,
            Self::Withheld(_) => 2,
            Self::ConvMeta(_) => 3,
            Self::KeyRequest(_) => 4,
            Self::KeyForward(_) => 5,
            Self::OlmReset(_) => 6,
            Self::OlmAck => 7,
            Self::SecretRequest(_) => 8,
            Self::SecretSend(_) => 9,
            Self::Verify(_) => 10,
            Self::Trust(_) => 11,
            Self::Sync(_) => 12,
            Self::Evidence(_) => 13,
            Self::Profile(_) => 22,
            Self::Unknown { kind, .. } => *kind,
        }
    }

    /// The body's canonical bytes.
    pub fn to_body(&self) -> Any {
        Any(match self {
            Self::ConvKey(body) => encode(body),
            Self::Withheld(body) => encode(body),
            Self::ConvMeta(body) => encode(body),
            Self::KeyRequest(body) => encode(body),
            Self::KeyForward(body) => encode(body),
            Self::OlmReset(body) => encode(body),
            Self::OlmAck => encode(&Empty {}),
            Self::SecretRequest(body) => encode(body),
            Self::SecretSend(body) => encode(body),
            Self::Verify(body) => encode(body),
            Self::Trust(body) => encode(body),
            Self::Sync(body) => encode(body),
            Self::Evidence(body) => encode(body),
            Self::Profile(body) => encode(body),
            Self::Unknown { body, .. } => body.0.clone(),
        })
    }

    /// Reads a body of type `kind`; only what Olm decrypted comes here.
    pub fn from_body(kind: u64, body: &Any) -> Result<Self, DecodeError> {
        let bytes = &body.0;
        Ok(match kind {
            1 => Self::ConvKey(decode_exact(bytes)?),
            2 => Self::Withheld(decode_exact(bytes)?),
            3 => Self::ConvMeta(decode_exact(bytes)?),
            4 => Self::KeyRequest(decode_exact(bytes)?),
            5 => Self::KeyForward(decode_exact(bytes)?),
            6 => Self::OlmReset(decode_exact(bytes)?),
            7 => decode_exact::<Empty>(bytes).map(|_| Self::OlmAck)?,
            8 => Self::SecretRequest(decode_exact(bytes)?),
            9 => Self::SecretSend(decode_exact(bytes)?),
            10 => Self::Verify(decode_exact(bytes)?),
            11 => Self::Trust(decode_exact(bytes)?),
            12 => Self::Sync(decode_exact(bytes)?),
            13 => Self::Evidence(decode_exact(bytes)?),
            22 => Self::Profile(decode_exact(bytes)?),
            _ => Self::Unknown {
                kind,
                body: body.clone(),
            },
        })
    }
}
