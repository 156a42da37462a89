//! Decoding of the frames from the relay.

use std::collections::BTreeMap;

use crate::codec::{Bytes, Decode, Decoder, array_of, malformed};
use crate::{ConvId, UserId};

use super::row::{MarkRow, RowFrame};
use super::server::{Doorbell, Ready, ServerFrame, TdItem};

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
