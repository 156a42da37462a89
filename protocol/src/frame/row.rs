//! Rows of a stream, marks, and what `ready` says of a changed conversation.

use crate::codec::{Decode, Decoder, Encode, Encoder, array_of, malformed};
use crate::conversation_log::ConvEntry;
use crate::envelope::Send;
use crate::sign::Signed;
use crate::{ConvId, DeviceId, UserId, wire_array};

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
    pub(super) fn encode_as<C, W: minicbor::encode::Write>(
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

    pub(super) fn decode_fields<C>(
        d: &mut Decoder<'_>,
        ctx: &mut C,
    ) -> Result<Self, minicbor::decode::Error> {
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
