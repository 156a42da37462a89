//! Frames from the client to the relay, numbers 1 to 8.

use crate::codec::{Decode, Decoder, Encode, Encoder, array_of, malformed};
use crate::envelope::{Item, Send};
use crate::{ConvId, DeviceId, wire_array};

wire_array! {
    /// What the client knows of one conversation.
    pub struct Known {
        /// Conversation.
        pub conv: ConvId,
        /// Newest stream number it stored.
        pub seq: u64,
        /// Greatest time of a mark it saw; marks at or after it come again.
        pub mark_time: u64,
    }
}

/// First frame of every socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// Socket version; see [`super::SOCKET_VERSION`].
    pub version: u64,
    /// One-use ticket from `POST /tickets`.
    pub ticket: String,
    /// Suites the device speaks.
    pub suites: Vec<u64>,
    /// Newest conversations first, at most 500.
    pub known: Vec<Known>,
}

/// What was committed by the client and need not come again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ack {
    /// (sender device, n): every item of that sender up to n.
    pub items: Vec<(DeviceId, u64)>,
    /// (conversation, seq): rows up to seq; frees the socket's window.
    pub rows: Vec<(ConvId, u64)>,
}

/// A frame from the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientFrame {
    /// 1
    Hello(Hello),
    /// 2: lanes log and mark.
    Send(Send),
    /// 3: a batch of items with numbers n0, n0 + 1, …
    ToDevice {
        /// Number of the first item.
        n0: u64,
        /// 1 to 128 items, at most one per recipient device.
        items: Vec<Item>,
    },
    /// 4
    Ack(Ack),
    /// 5: lane flash.
    Flash(Send),
    /// 6
    Ping,
    /// 7: the conversations on the screen; replaces the list before.
    Open(Vec<ConvId>),
    /// 8: both sides of an open direct conversation that share see each other.
    Presence {
        /// Whether this socket shares presence.
        share: bool,
    },
}

impl<C> Encode<C> for ClientFrame {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match self {
            Self::Hello(hello) => {
                e.array(5)?.u64(1)?.u64(hello.version)?.str(&hello.ticket)?;
                hello.suites.encode(e, ctx)?;
                hello.known.encode(e, ctx)
            }
            Self::Send(send) => {
                e.array(2)?.u64(2)?;
                send.encode(e, ctx)
            }
            Self::ToDevice { n0, items } => {
                e.array(3)?.u64(3)?.u64(*n0)?;
                items.encode(e, ctx)
            }
            Self::Ack(ack) => {
                e.array(3)?.u64(4)?;
                ack.items.encode(e, ctx)?;
                ack.rows.encode(e, ctx)
            }
            Self::Flash(send) => {
                e.array(2)?.u64(5)?;
                send.encode(e, ctx)
            }
            Self::Ping => e.array(1)?.u64(6)?.ok(),
            Self::Open(convs) => {
                e.array(2)?.u64(7)?;
                convs.encode(e, ctx)
            }
            Self::Presence { share } => e.array(2)?.u64(8)?.bool(*share)?.ok(),
        }
    }
}

impl<'b, C> Decode<'b, C> for ClientFrame {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let mut probe = d.clone();
        let _count = probe.array()?;
        let number = probe.u64()?;
        let count = match number {
            1 => 5,
            3 | 4 => 3,
            2 | 5 | 7 | 8 => 2,
            6 => 1,
            _ => return Err(malformed("no such frame")),
        };
        array_of(d, count)?;
        d.u64()?;
        Ok(match number {
            1 => Self::Hello(Hello {
                version: d.u64()?,
                ticket: d.str()?.to_owned(),
                suites: Decode::decode(d, ctx)?,
                known: Decode::decode(d, ctx)?,
            }),
            2 => Self::Send(Decode::decode(d, ctx)?),
            3 => Self::ToDevice {
                n0: d.u64()?,
                items: Decode::decode(d, ctx)?,
            },
            4 => Self::Ack(Ack {
                items: Decode::decode(d, ctx)?,
                rows: Decode::decode(d, ctx)?,
            }),
            5 => Self::Flash(Decode::decode(d, ctx)?),
            6 => Self::Ping,
            7 => Self::Open(Decode::decode(d, ctx)?),
            _ => Self::Presence { share: d.bool()? },
        })
    }
}
