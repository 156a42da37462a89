//! Encoding of the frames from the relay.

use std::collections::BTreeMap;

use crate::ErrorCode;
use crate::codec::{Decode, Decoder, Encode, Encoder, malformed};

use super::server::{Doorbell, ServerFrame, TdItem};

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
            small => encode_small(small, e, ctx),
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

/// The frames without a list or an envelope of their own; the others never come here.
fn encode_small<C, W: minicbor::encode::Write>(
    frame: &ServerFrame,
    e: &mut Encoder<W>,
    ctx: &mut C,
) -> Result<(), minicbor::encode::Error<W::Error>> {
    match frame {
        ServerFrame::Mark(row) => row.encode_as(42, e, ctx),
        ServerFrame::Keys {
            one_time_left,
            fallback_used,
        } => e
            .array(3)?
            .u64(43)?
            .u64(*one_time_left)?
            .bool(*fallback_used)?
            .ok(),
        ServerFrame::Link { id } => {
            e.array(2)?.u64(44)?;
            id.encode(e, ctx)
        }
        ServerFrame::Pong => e.array(1)?.u64(45)?.ok(),
        ServerFrame::Drain { after_ms } => e.array(2)?.u64(46)?.u64(*after_ms)?.ok(),
        ServerFrame::Bye { code } => {
            e.array(2)?.u64(47)?;
            code.encode(e, ctx)
        }
        ServerFrame::Resync(convs) => {
            e.array(2)?.u64(48)?;
            convs.encode(e, ctx)
        }
        ServerFrame::Presence(users) => {
            e.array(2)?.u64(50)?;
            users.encode(e, ctx)
        }
        _ => Ok(()),
    }
}
