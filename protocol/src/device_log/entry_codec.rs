//! Bytes of a device-log entry: encode and decode, operation by operation.

use crate::codec::{
    Bytes, Decode, Decoder, Encode, Encoder, V1, array_of, malformed, needs_update,
};

use super::{Class, DeviceEntry, DeviceOp, RevokeReason};

impl<C> Encode<C> for DeviceEntry {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(9)?;
        V1.encode(e, ctx)?;
        self.user.encode(e, ctx)?;
        e.u64(self.seq)?;
        self.prev.encode(e, ctx)?;
        e.u64(self.op.number())?.u64(self.time)?;
        self.signer.encode(e, ctx)?;
        encode_body(&self.op, e, ctx)?;
        self.ext.encode(e, ctx)
    }
}

fn encode_body<C, W: minicbor::encode::Write>(
    op: &DeviceOp,
    e: &mut Encoder<W>,
    ctx: &mut C,
) -> Result<(), minicbor::encode::Error<W::Error>> {
    match op {
        DeviceOp::Init { aik, cert, class } => {
            e.array(4)?;
            aik.encode(e, ctx)?;
            cert.encode(e, ctx)?;
            e.u64(class.number())?.u64(0)?.ok()
        }
        DeviceOp::Add {
            cert,
            class,
            expires,
        } => {
            e.array(3)?;
            cert.encode(e, ctx)?;
            e.u64(class.number())?.u64(*expires)?.ok()
        }
        DeviceOp::Renew {
            device,
            class,
            expires,
        } => {
            e.array(3)?;
            device.encode(e, ctx)?;
            e.u64(class.number())?.u64(*expires)?.ok()
        }
        DeviceOp::Revoke { device, reason } => {
            e.array(2)?;
            device.encode(e, ctx)?;
            e.u64(reason.number())?.ok()
        }
        DeviceOp::Handle { handle, origin } => e.array(2)?.str(handle)?.str(origin)?.ok(),
        DeviceOp::Recover {
            epoch,
            base,
            keep,
            cert,
            class,
        } => {
            e.array(5)?.u64(*epoch)?;
            base.encode(e, ctx)?;
            keep.encode(e, ctx)?;
            cert.encode(e, ctx)?;
            e.u64(class.number())?.ok()
        }
        DeviceOp::RotateAik { aik, accept } | DeviceOp::ReplaceAik { aik, accept } => {
            e.array(2)?;
            aik.encode(e, ctx)?;
            e.bytes(accept)?.ok()
        }
        DeviceOp::Checkpoint {
            version,
            count,
            root,
        } => {
            e.array(3)?.u64(*version)?.u64(*count)?;
            root.encode(e, ctx)
        }
        DeviceOp::Close => e.array(0)?.ok(),
    }
}

impl<'b, C> Decode<'b, C> for DeviceEntry {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        array_of(d, 9)?;
        V1::decode(d, ctx)?;
        let user = Decode::decode(d, ctx)?;
        let seq = d.u64()?;
        let prev = Decode::decode(d, ctx)?;
        let op = d.u64()?;
        let time = d.u64()?;
        let signer = Decode::decode(d, ctx)?;
        let op = decode_body(op, d, ctx)?;
        Ok(Self {
            user,
            seq,
            prev,
            op,
            time,
            signer,
            ext: Decode::decode(d, ctx)?,
        })
    }
}

fn decode_class(d: &mut Decoder<'_>) -> Result<Class, minicbor::decode::Error> {
    Class::from_number(d.u64()?).ok_or_else(needs_update)
}

fn decode_signature<C>(
    d: &mut Decoder<'_>,
    ctx: &mut C,
) -> Result<[u8; 64], minicbor::decode::Error> {
    let Bytes(bytes) = Bytes::decode(d, ctx)?;
    bytes
        .try_into()
        .map_err(|_| malformed("signature of the wrong length"))
}

fn decode_body<C>(
    op: u64,
    d: &mut Decoder<'_>,
    ctx: &mut C,
) -> Result<DeviceOp, minicbor::decode::Error> {
    let count = match op {
        0 => 4,
        1 | 2 | 7 => 3,
        3 | 4 | 6 | 9 => 2,
        5 => 5,
        8 => 0,
        _ => return Err(needs_update()),
    };
    array_of(d, count)?;
    Ok(match op {
        0 => {
            let aik = Decode::decode(d, ctx)?;
            let cert = Decode::decode(d, ctx)?;
            let class = decode_class(d)?;
            if d.u64()? != 0 {
                return Err(malformed("the first epoch is 0"));
            }
            DeviceOp::Init { aik, cert, class }
        }
        1 => DeviceOp::Add {
            cert: Decode::decode(d, ctx)?,
            class: decode_class(d)?,
            expires: d.u64()?,
        },
        2 => DeviceOp::Renew {
            device: Decode::decode(d, ctx)?,
            class: decode_class(d)?,
            expires: d.u64()?,
        },
        3 => DeviceOp::Revoke {
            device: Decode::decode(d, ctx)?,
            reason: RevokeReason::from_number(d.u64()?).ok_or_else(needs_update)?,
        },
        4 => DeviceOp::Handle {
            handle: d.str()?.to_owned(),
            origin: d.str()?.to_owned(),
        },
        5 => DeviceOp::Recover {
            epoch: d.u64()?,
            base: Decode::decode(d, ctx)?,
            keep: Decode::decode(d, ctx)?,
            cert: Decode::decode(d, ctx)?,
            class: decode_class(d)?,
        },
        6 => DeviceOp::RotateAik {
            aik: Decode::decode(d, ctx)?,
            accept: decode_signature(d, ctx)?,
        },
        7 => DeviceOp::Checkpoint {
            version: d.u64()?,
            count: d.u64()?,
            root: Decode::decode(d, ctx)?,
        },
        9 => DeviceOp::ReplaceAik {
            aik: Decode::decode(d, ctx)?,
            accept: decode_signature(d, ctx)?,
        },
        _ => DeviceOp::Close,
    })
}
