//! Frames from the relay to the client, numbers 33 to 50.

use std::collections::BTreeMap;

use crate::codec::{Any, Bytes, Decode, Decoder, Encode, Encoder, Fixed, array_of, malformed};
use crate::conversation_log::ConvEntry;
use crate::envelope::{Item, Send};
use crate::sign::{Hash32, Head, Signed};
use crate::{ConvId, DeviceId, ErrorCode, MsgId, UserId, wire_array};

/// One row of a stream, as frame 36, 41 or 49.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFrame {
    /// 36: a message.
    Message {
        /// Conversation.
        conv: ConvId,
        /// Stream number.
        seq: u64,
        /// Sender as the relay names it; proven only by the payload's `bind`.
        user: UserId,
        /// Sender device, likewise.
        device: DeviceId,
        /// Time of acceptance, Unix ms.
        time: u64,
        /// The envelope.
        send: Send,
    },
    /// 41: a membership entry.
    Entry {
        /// Conversation.
        conv: ConvId,
        /// Stream number.
        seq: u64,
        /// The signed entry.
        entry: Signed<ConvEntry>,
    },
    /// 49: a message whose content was purged.
    Void {
        /// Conversation.
        conv: ConvId,
        /// Stream number.
        seq: u64,
        /// Sender.
        user: UserId,
        /// Sender device.
        device: DeviceId,
        /// Its dev_seq.
        n: u64,
        /// Time of acceptance, Unix ms.
        time: u64,
    },
}

impl RowFrame {
    /// Conversation and stream number of the row.
    pub fn position(&self) -> (ConvId, u64) {
        match self {
            Self::Message { conv, seq, .. }
            | Self::Entry { conv, seq, .. }
            | Self::Void { conv, seq, .. } => (*conv, *seq),
        }
    }
}

wire_array! {
    /// A mark or flash of another device (frames 42 and 39 without their number).
    pub struct MarkRow {
        /// Conversation.
        pub conv: ConvId,
        /// Sender.
        pub user: UserId,
        /// Sender device.
        pub device: DeviceId,
        /// Time at the relay, Unix ms.
        pub time: u64,
        /// The envelope.
        pub send: Send,
    }
}

/// A conversation that changed since the client's `known`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Conversation.
    pub conv: ConvId,
    /// Newest stream number.
    pub stream_head: u64,
    /// Newest log number.
    pub log_seq: u64,
    /// Rows below are purged or not this user's to read.
    pub floor: u64,
    /// (seq, n) of the last accepted message of this device; zeros if none.
    pub own: (u64, u64),
    /// Newest row when it is small: a frame 36, 41 or 49.
    pub newest: Option<RowFrame>,
    /// Marks newer than the known time: frames 42.
    pub marks: Vec<MarkRow>,
}

/// Answer to `hello`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// Unix ms.
    pub server_time: u64,
    /// Identity of the store; changes after a restore.
    pub incarnation: Fixed<16>,
    /// Items waiting; the queue is drained when as many have come.
    pub td_pending: u64,
    /// Limits that differ from `protocol::limits`.
    pub limits: BTreeMap<String, u64>,
    /// Conversations that changed, newest first, at most 200.
    pub changed: Vec<Changed>,
    /// 0 last frame, 1 another follows, 2 the older ones by REST.
    pub more: u64,
}

/// The heads that a `stale_log` refusal carries.
pub type StaleHeads = (u64, u64);

wire_array! {
    /// Frame 37 without its number, and one row of `GET /to-device`.
    pub struct TdItem {
        /// Sender as the relay names it.
        pub user: UserId,
        /// Sender device.
        pub device: DeviceId,
        /// Number of the item, rising per sender device.
        pub n: u64,
        /// The item.
        pub item: Item,
    }
}

/// What a doorbell names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doorbell {
    /// A conversation and its stream head.
    Conversation(ConvId, u64),
    /// A user (own, contact or co-member) and the device-log head.
    User(UserId, Head),
}

/// A frame from the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerFrame {
    /// 33
    Ready(Ready),
    /// 34: a send is durable.
    Accepted {
        /// Message.
        msg: MsgId,
        /// Conversation.
        conv: ConvId,
        /// Stream number; 0 for a mark.
        seq: u64,
        /// Time of acceptance, Unix ms.
        time: u64,
        /// SHA-256 of the ciphertext that is stored.
        ct_hash: Hash32,
    },
    /// 35: a send or batch was refused.
    Refused {
        /// `msg` of the send, or `n0` of the batch.
        what: Any,
        /// Why.
        code: ErrorCode,
        /// Wait this long before trying again; 0 = no use or at once.
        retry_ms: u64,
        /// `[log_seq, stream head]` with `stale_log`.
        heads: Option<StaleHeads>,
    },
    /// 36, 41, 49
    Row(RowFrame),
    /// 37
    TdItem(TdItem),
    /// 38
    TdAccepted {
        /// First number of the batch.
        n0: u64,
        /// (index, code) of the items that were refused.
        refused: Vec<(u64, ErrorCode)>,
    },
    /// 39
    Flash(MarkRow),
    /// 40
    Doorbell(Doorbell),
    /// 42
    Mark(MarkRow),
    /// 43
    Keys {
        /// One-time keys left.
        one_time_left: u64,
        /// Whether the fallback key was given away.
        fallback_used: bool,
    },
    /// 44: something happened in a link mailbox of this account.
    Link {
        /// The mailbox.
        id: Fixed<16>,
    },
    /// 45
    Pong,
    /// 46: the relay stops; connect again.
    Drain {
        /// Leave within this time.
        after_ms: u64,
    },
    /// 47: the socket is closed now.
    Bye {
        /// Why.
        code: ErrorCode,
    },
    /// 48: compare these conversations (none = all) by REST.
    Resync(Vec<ConvId>),
    /// 50
    Presence(Vec<(UserId, bool)>),
}

impl<C> Encode<C> for ErrorCode {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(self.as_str())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for ErrorCode {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.str()?
            .parse()
            .map_err(|()| malformed("no such error code"))
    }
}

impl<C> Encode<C> for RowFrame {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match self {
            Self::Message {
                conv,
                seq,
                user,
                device,
                time,
                send,
            } => {
                e.array(7)?.u64(36)?;
                conv.encode(e, ctx)?;
                e.u64(*seq)?;
                user.encode(e, ctx)?;
                device.encode(e, ctx)?;
                e.u64(*time)?;
                send.encode(e, ctx)
            }
            Self::Entry { conv, seq, entry } => {
                e.array(4)?.u64(41)?;
                conv.encode(e, ctx)?;
                e.u64(*seq)?;
                entry.encode(e, ctx)
            }
            Self::Void {
                conv,
                seq,
                user,
                device,
                n,
                time,
            } => {
                e.array(7)?.u64(49)?;
                conv.encode(e, ctx)?;
                e.u64(*seq)?;
                user.encode(e, ctx)?;
                device.encode(e, ctx)?;
                e.u64(*n)?.u64(*time)?.ok()
            }
        }
    }
}

impl<'b, C> Decode<'b, C> for RowFrame {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let count = d.array()?;
        let number = d.u64()?;
        match (number, count) {
            (36 | 49, Some(7)) | (41, Some(4)) => {}
            _ => return Err(malformed("not a row")),
        }
        let conv = Decode::decode(d, ctx)?;
        let seq = d.u64()?;
        if number == 41 {
            return Ok(Self::Entry {
                conv,
                seq,
                entry: Decode::decode(d, ctx)?,
            });
        }
        let user = Decode::decode(d, ctx)?;
        let device = Decode::decode(d, ctx)?;
        if number == 49 {
            return Ok(Self::Void {
                conv,
                seq,
                user,
                device,
                n: d.u64()?,
                time: d.u64()?,
            });
        }
        let time = d.u64()?;
        Ok(Self::Message {
            conv,
            seq,
            user,
            device,
            time,
            send: Decode::decode(d, ctx)?,
        })
    }
}

impl MarkRow {
    fn encode_as<C, W: minicbor::encode::Write>(
        &self,
        number: u64,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(6)?.u64(number)?;
        self.conv.encode(e, ctx)?;
        self.user.encode(e, ctx)?;
        self.device.encode(e, ctx)?;
        e.u64(self.time)?;
        self.send.encode(e, ctx)
    }

    fn decode_fields<C>(d: &mut Decoder<'_>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        Ok(Self {
            conv: Decode::decode(d, ctx)?,
            user: Decode::decode(d, ctx)?,
            device: Decode::decode(d, ctx)?,
            time: d.u64()?,
            send: Decode::decode(d, ctx)?,
        })
    }
}

/// A mark inside `changed` keeps its frame number.
struct NumberedMark(MarkRow);

impl<C> Encode<C> for NumberedMark {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        self.0.encode_as(42, e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for NumberedMark {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        array_of(d, 6)?;
        if d.u64()? != 42 {
            return Err(malformed("not a mark"));
        }
        MarkRow::decode_fields(d, ctx).map(Self)
    }
}

impl<C> Encode<C> for Changed {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(7)?;
        self.conv.encode(e, ctx)?;
        e.u64(self.stream_head)?
            .u64(self.log_seq)?
            .u64(self.floor)?;
        self.own.encode(e, ctx)?;
        self.newest.encode(e, ctx)?;
        e.array(self.marks.len() as u64)?;
        self.marks
            .iter()
            .try_for_each(|mark| mark.encode_as(42, e, ctx))
    }
}

impl<'b, C> Decode<'b, C> for Changed {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        array_of(d, 7)?;
        Ok(Self {
            conv: Decode::decode(d, ctx)?,
            stream_head: d.u64()?,
            log_seq: d.u64()?,
            floor: d.u64()?,
            own: Decode::decode(d, ctx)?,
            newest: Decode::decode(d, ctx)?,
            marks: Vec::<NumberedMark>::decode(d, ctx)?
                .into_iter()
                .map(|mark| mark.0)
                .collect(),
        })
    }
}

impl<C> Encode<C> for ServerFrame {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match self {
            Self::Ready(ready) => {
                e.array(7)?.u64(33)?.u64(ready.server_time)?;
                ready.incarnation.encode(e, ctx)?;
                e.u64(ready.td_pending)?;
                encode_limits(&ready.limits, e)?;
                ready.changed.encode(e, ctx)?;
                e.u64(ready.more)?.ok()
            }
            Self::Accepted {
                msg,
                conv,
                seq,
                time,
                ct_hash,
            } => {
                e.array(6)?.u64(34)?;
                msg.encode(e, ctx)?;
                conv.encode(e, ctx)?;
                e.u64(*seq)?.u64(*time)?;
                ct_hash.encode(e, ctx)
            }
            Self::Refused {
                what,
                code,
                retry_ms,
                heads,
            } => {
                e.array(5)?.u64(35)?;
                what.encode(e, ctx)?;
                code.encode(e, ctx)?;
                e.u64(*retry_ms)?;
                heads.encode(e, ctx)
            }
            Self::Row(row) => row.encode(e, ctx),
            Self::TdItem(TdItem {
                user,
                device,
                n,
                item,
            }) => {
                e.array(5)?.u64(37)?;
                user.encode(e, ctx)?;
                device.encode(e, ctx)?;
                e.u64(*n)?;
                item.encode(e, ctx)
            }
            Self::TdAccepted { n0, refused } => {
                e.array(3)?.u64(38)?.u64(*n0)?;
                refused.encode(e, ctx)
            }
            Self::Flash(row) => row.encode_as(39, e, ctx),
            Self::Doorbell(Doorbell::Conversation(conv, head)) => {
                e.array(3)?.u64(40)?;
                conv.encode(e, ctx)?;
                e.u64(*head)?.ok()
            }
            Self::Doorbell(Doorbell::User(user, head)) => {
                e.array(3)?.u64(40)?;
                user.encode(e, ctx)?;
                head.encode(e, ctx)
            }
            Self::Mark(row) => row.encode_as(42, e, ctx),
            Self::Keys {
                one_time_left,
                fallback_used,
            } => e
                .array(3)?
                .u64(43)?
                .u64(*one_time_left)?
                .bool(*fallback_used)?
                .ok(),
            Self::Link { id } => {
                e.array(2)?.u64(44)?;
                id.encode(e, ctx)
            }
            Self::Pong => e.array(1)?.u64(45)?.ok(),
            Self::Drain { after_ms } => e.array(2)?.u64(46)?.u64(*after_ms)?.ok(),
            Self::Bye { code } => {
                e.array(2)?.u64(47)?;
                code.encode(e, ctx)
            }
            Self::Resync(convs) => {
                e.array(2)?.u64(48)?;
                convs.encode(e, ctx)
            }
            Self::Presence(users) => {
                e.array(2)?.u64(50)?;
                users.encode(e, ctx)
            }
        }
    }
}

/// Map with text keys in canonical order: shorter keys first, then bytewise.
fn encode_limits<W: minicbor::encode::Write>(
    limits: &BTreeMap<String, u64>,
    e: &mut Encoder<W>,
) -> Result<(), minicbor::encode::Error<W::Error>> {
    let mut rows: Vec<_> = limits.iter().collect();
    rows.sort_by_key(|(key, _)| (key.len(), key.as_str()));
    e.map(rows.len() as u64)?;
    for (key, value) in rows {
        e.str(key)?.u64(*value)?;
    }
    Ok(())
}

fn decode_limits(d: &mut Decoder<'_>) -> Result<BTreeMap<String, u64>, minicbor::decode::Error> {
    let count = d.map()?.ok_or_else(|| malformed("indefinite map"))?;
    let mut limits = BTreeMap::new();
    for _ in 0..count {
        limits.insert(d.str()?.to_owned(), d.u64()?);
    }
    Ok(limits)
}

impl<'b, C> Decode<'b, C> for ServerFrame {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let mut probe = d.clone();
        let _count = probe.array()?;
        let number = probe.u64()?;
        if matches!(number, 36 | 41 | 49) {
            return RowFrame::decode(d, ctx).map(Self::Row);
        }
        let count = match number {
            33 => 7,
            34 | 39 | 42 => 6,
            35 | 37 => 5,
            38 | 40 | 43 => 3,
            44 | 46 | 47 | 48 | 50 => 2,
            45 => 1,
            _ => return Err(malformed("no such frame")),
        };
        array_of(d, count)?;
        d.u64()?;
        decode_fields(number, d, ctx)
    }
}

fn decode_fields<C>(
    number: u64,
    d: &mut Decoder<'_>,
    ctx: &mut C,
) -> Result<ServerFrame, minicbor::decode::Error> {
    Ok(match number {
        33 => ServerFrame::Ready(Ready {
            server_time: d.u64()?,
            incarnation: Decode::decode(d, ctx)?,
            td_pending: d.u64()?,
            limits: decode_limits(d)?,
            changed: Decode::decode(d, ctx)?,
            more: d.u64()?,
        }),
        34 => ServerFrame::Accepted {
            msg: Decode::decode(d, ctx)?,
            conv: Decode::decode(d, ctx)?,
            seq: d.u64()?,
            time: d.u64()?,
            ct_hash: Decode::decode(d, ctx)?,
        },
        35 => ServerFrame::Refused {
            what: Decode::decode(d, ctx)?,
            code: Decode::decode(d, ctx)?,
            retry_ms: d.u64()?,
            heads: Decode::decode(d, ctx)?,
        },
        37 => ServerFrame::TdItem(TdItem {
            user: Decode::decode(d, ctx)?,
            device: Decode::decode(d, ctx)?,
            n: d.u64()?,
            item: Decode::decode(d, ctx)?,
        }),
        38 => ServerFrame::TdAccepted {
            n0: d.u64()?,
            refused: Decode::decode(d, ctx)?,
        },
        39 => ServerFrame::Flash(MarkRow::decode_fields(d, ctx)?),
        42 => ServerFrame::Mark(MarkRow::decode_fields(d, ctx)?),
        40 => ServerFrame::Doorbell(decode_doorbell(d, ctx)?),
        43 => ServerFrame::Keys {
            one_time_left: d.u64()?,
            fallback_used: d.bool()?,
        },
        44 => ServerFrame::Link {
            id: Decode::decode(d, ctx)?,
        },
        45 => ServerFrame::Pong,
        46 => ServerFrame::Drain { after_ms: d.u64()? },
        47 => ServerFrame::Bye {
            code: Decode::decode(d, ctx)?,
        },
        48 => ServerFrame::Resync(Decode::decode(d, ctx)?),
        _ => ServerFrame::Presence(Decode::decode(d, ctx)?),
    })
}

fn decode_doorbell<C>(
    d: &mut Decoder<'_>,
    ctx: &mut C,
) -> Result<Doorbell, minicbor::decode::Error> {
    let Bytes(id) = Bytes::decode(d, ctx)?;
    if let Ok(conv) = ConvId::from_slice(&id) {
        return Ok(Doorbell::Conversation(conv, d.u64()?));
    }
    let user = UserId::from_slice(&id).map_err(|_| malformed("doorbell names neither"))?;
    Ok(Doorbell::User(user, Decode::decode(d, ctx)?))
}
