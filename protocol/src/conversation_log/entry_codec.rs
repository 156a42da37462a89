//! Bytes of a conversation-log entry: encode and decode, operation by operation.

use crate::codec::{Decode, Decoder, Encode, Encoder, V1, array_of, needs_update};

use super::{ConvEntry, ConvOp, Meta, Policy};

impl<C> Encode<C> for ConvEntry {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(12)?;
        V1.encode(e, ctx)?;
        self.conv.encode(e, ctx)?;
        e.u64(self.seq)?;
        self.prev.encode(e, ctx)?;
        e.u64(self.op.number())?.u64(self.time)?;
        self.actor.encode(e, ctx)?;
        self.device.encode(e, ctx)?;
        self.actor_head.encode(e, ctx)?;
        self.state.encode(e, ctx)?;
        encode_body(&self.op, e, ctx)?;
        self.ext.encode(e, ctx)
    }
}

fn encode_body<C, W: minicbor::encode::Write>(
    op: &ConvOp,
    e: &mut Encoder<W>,
    ctx: &mut C,
) -> Result<(), minicbor::encode::Error<W::Error>> {
    match op {
        ConvOp::Create {
            mode,
            nonce,
            origin,
            users,
            policy,
        } => {
            e.array(5)?.u64(mode.number())?;
            nonce.encode(e, ctx)?;
            e.str(origin)?;
            users.encode(e, ctx)?;
            policy.encode(e, ctx)
        }
        ConvOp::Invite { users } => {
            e.array(1)?;
            users.encode(e, ctx)
        }
        ConvOp::Join { invite_seq } => e.array(1)?.u64(*invite_seq)?.ok(),
        ConvOp::Leave { cuts, successor } => {
            e.array(2)?;
            cuts.encode(e, ctx)?;
            successor.encode(e, ctx)
        }
        ConvOp::Remove { user, cuts } => {
            e.array(2)?;
            user.encode(e, ctx)?;
            cuts.encode(e, ctx)
        }
        ConvOp::SetRole { user, role } => {
            e.array(2)?;
            user.encode(e, ctx)?;
            e.u64(role.number())?.ok()
        }
        ConvOp::SetPolicy(policy) => policy.encode(e, ctx),
        ConvOp::SetMeta(meta) => meta.encode(e, ctx),
        ConvOp::Rotate { cuts } => {
            e.array(1)?;
            cuts.encode(e, ctx)
        }
    }
}

impl<'b, C> Decode<'b, C> for ConvEntry {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        array_of(d, 12)?;
        V1::decode(d, ctx)?;
        let conv = Decode::decode(d, ctx)?;
        let seq = d.u64()?;
        let prev = Decode::decode(d, ctx)?;
        let op = d.u64()?;
        let time = d.u64()?;
        let actor = Decode::decode(d, ctx)?;
        let device = Decode::decode(d, ctx)?;
        let actor_head = Decode::decode(d, ctx)?;
        let state = Decode::decode(d, ctx)?;
        let op = decode_body(op, d, ctx)?;
        let ext = Decode::decode(d, ctx)?;
        Ok(Self {
            conv,
            seq,
            prev,
            op,
            time,
            actor,
            device,
            actor_head,
            state,
            ext,
        })
    }
}

fn decode_body<C>(
    op: u64,
    d: &mut Decoder<'_>,
    ctx: &mut C,
) -> Result<ConvOp, minicbor::decode::Error> {
    match op {
        6 => return Ok(ConvOp::SetPolicy(Policy::decode(d, ctx)?)),
        7 => return Ok(ConvOp::SetMeta(Meta::decode(d, ctx)?)),
        0 => array_of(d, 5)?,
        1 | 2 | 8 => array_of(d, 1)?,
        3..=5 => array_of(d, 2)?,
        _ => return Err(needs_update()),
    }
    Ok(match op {
        0 => ConvOp::Create {
            mode: Decode::decode(d, ctx)?,
            nonce: Decode::decode(d, ctx)?,
            origin: d.str()?.to_owned(),
            users: Decode::decode(d, ctx)?,
            policy: Decode::decode(d, ctx)?,
        },
        1 => ConvOp::Invite {
            users: Decode::decode(d, ctx)?,
        },
        2 => ConvOp::Join {
            invite_seq: d.u64()?,
        },
        3 => ConvOp::Leave {
            cuts: Decode::decode(d, ctx)?,
            successor: Decode::decode(d, ctx)?,
        },
        4 => ConvOp::Remove {
            user: Decode::decode(d, ctx)?,
            cuts: Decode::decode(d, ctx)?,
        },
        5 => ConvOp::SetRole {
            user: Decode::decode(d, ctx)?,
            role: Decode::decode(d, ctx)?,
        },
        _ => ConvOp::Rotate {
            cuts: Decode::decode(d, ctx)?,
        },
    })
}
